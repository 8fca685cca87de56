import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars into a folder, and adds stack maps to their classes of a format before Java 6, which lacks them. Nothing else
 * changes; a jar without such classes is copied byte for byte. Needs JDK 24 or newer.
 *
 * <pre>usage: java StackMaps.java FOLDER LIBRARY.jar…</pre>
 */
final class StackMaps {

    /** The first format that has stack maps. */
    private static final int MAJOR = ClassFile.JAVA_6_VERSION;

    private static final ClassTransform RAISED = ClassTransform.dropping(ClassFileVersion.class::isInstance)
            // every method body must be transformed, or no stack maps are generated
            .andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL))
            .andThen(ClassTransform.endHandler(builder -> builder.withVersion(MAJOR, 0)));

    private StackMaps() {}

    public static void main(String[] arguments) throws IOException {
        for (String library : List.of(arguments).subList(1, arguments.length)) {
            Path from = Path.of(library);
            copy(from, Path.of(arguments[0]).resolve(from.getFileName()));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        boolean raised = false;
        try (ZipFile library = new ZipFile(from.toFile());
                ZipOutputStream copy = new ZipOutputStream(Files.newOutputStream(to))) {
            ClassFile format = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption
                    .of(ClassHierarchyResolver.ofResourceParsing((ClassDesc type) -> classIn(library, type))
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            for (ZipEntry entry : Collections.list(library.entries())) {
                byte[] content = library.getInputStream(entry).readAllBytes();
                byte[] copied = entry.getName().endsWith(".class") ? raised(format, content) : content;
                raised |= copied != content;
                ZipEntry same = new ZipEntry(entry.getName());
                same.setTime(entry.getTime());
                copy.putNextEntry(same);
                copy.write(copied);
                copy.closeEntry();
            }
        }
        if (!raised) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static byte[] raised(ClassFile format, byte[] content) {
        ClassModel model = format.parse(content);
        return model.majorVersion() < MAJOR ? format.transformClass(model, RAISED) : content;
    }

    /** Null if the class is not in the library but in the JDK. */
    private static InputStream classIn(ZipFile library, ClassDesc type) {
        String descriptor = type.descriptorString();
        ZipEntry entry = library.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : library.getInputStream(entry);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
