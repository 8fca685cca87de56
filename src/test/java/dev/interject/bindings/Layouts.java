package dev.interject.bindings;

import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.UnionLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the generated code claims, as C expressions and the values they must have. */
final class Layouts {

    /** How jextract names what has no name in C: its members belong to the structure around it. */
    private static final String ANONYMOUS = "$anon$";

    /** A helper of the kernel's header for flexible arrays; later versions do not have it. */
    private static final String EMPTY = "__empty_";

    /** A claim: this C expression has this value. */
    record Claim(String expression, long value) {}

    private Layouts() {}

    /** Size, and the offset and size of each field however deep, of each generated structure. */
    static List<Claim> ofStructures(List<Class<?>> generated) {
        List<Claim> claims = new ArrayList<>();
        generated.stream()
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.getName().equals("layout"))
                .map(method -> (GroupLayout) invoke(method))
                .distinct()
                .forEach(layout -> addStructure(claims, layout));
        return claims;
    }

    private static void addStructure(List<Claim> claims, GroupLayout layout) {
        String name = layout.name().orElseThrow();
        String type = name.startsWith(ANONYMOUS) ? "sigset_t" : "struct " + name;
        claims.add(new Claim("sizeof(%s)".formatted(type), layout.byteSize()));
        addMembers(claims, type, "", 0, layout);
    }

    private static void addMembers(List<Claim> claims, String type, String path, long start, GroupLayout group) {
        long offset = start;
        for (MemoryLayout member : group.memberLayouts()) {
            String name = member.name().orElse("");
            if (name.startsWith(ANONYMOUS)) {
                addMembers(claims, type, path, offset, (GroupLayout) member);
            } else if (!(member instanceof PaddingLayout) && !name.startsWith(EMPTY)) {
                addField(claims, type, path + name, offset, member);
            }
            boolean overlaid = group instanceof UnionLayout;
            offset += overlaid ? 0 : member.byteSize();
        }
    }

    private static void addField(List<Claim> claims, String type, String path, long offset, MemoryLayout field) {
        claims.add(new Claim("offsetof(%s, %s)".formatted(type, path), offset));
        boolean flexible = field instanceof SequenceLayout sequence && sequence.elementCount() == 0;
        if (!flexible) {
            claims.add(new Claim("sizeof(((%s *)0)->%s)".formatted(type, path), field.byteSize()));
        }
        if (field instanceof GroupLayout nested) {
            addMembers(claims, type, path + ".", offset, nested);
        }
    }

    /** Each generated constant under its C name. */
    static List<Claim> ofConstants() {
        return constants().map(method -> new Claim(method.getName(), ((Number) invoke(method)).longValue())).toList();
    }

    private static Stream<Method> constants() {
        return Arrays.stream(NativeHeaders.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()) && method.getParameterCount() == 0);
    }

    private static Object invoke(Method method) {
        try {
            return method.invoke(null);
        } catch (ReflectiveOperationException failed) {
            throw new AssertionError(failed);
        }
    }
}
