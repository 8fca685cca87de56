import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.FieldTransform;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import dev.interject.cli.Main;
import picocli.CommandLine;

/**
 * Copies Interject's jar, and adds classes that make picocli's models of its commands without reading their annotations,
 * which takes long. The annotations are still all that is written by hand: the classes are generated from what picocli
 * reads in them now. Needs JDK 24 or newer.
 *
 * <p>In the copy, {@code dev.interject.cli.CommandModels} calls these classes, and the fields that they access are not
 * private.
 *
 * <pre>usage: java --class-path INTERJECT.jar:LIBRARY.jar… GenerateModels.java COPY.jar INTERJECT.jar</pre>
 */
final class GenerateModels {

    private static final String ENTRY = "dev.interject.cli.CommandModels";

    /** Drops the private flag of the fields that models access. */
    private static final FieldTransform OPENED = (field, element) -> {
        if (element instanceof AccessFlags flags) {
            field.withFlags(flags.flagsMask() & ~ClassFile.ACC_PRIVATE);
        } else {
            field.with(element);
        }
    };

    private GenerateModels() {}

    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Path copy = Path.of(arguments[0]);
        try (ZipFile jar = new ZipFile(arguments[1])) {
            write(jar, Map.of(), copy); // javac accesses the fields as well
            Map<String, byte[]> classes = compiled(sources(), copy + System.getProperty("path.separator")
                    + System.getProperty("java.class.path"));
            write(jar, classes, copy);
        }
    }

    private static Map<String, String> sources() throws ReflectiveOperationException {
        CommandSource source = new CommandSource();
        StringBuilder cases = new StringBuilder();
        CommandLine program = Main.commandLine();
        List<Object> commands = new ArrayList<>(List.of((Object) program.getCommand()));
        program.getSubcommands().values().forEach(command -> commands.add(command.getCommand()));
        for (Object command : commands) {
            cases.append("            case \"%s\" -> %s;%n".formatted(command.getClass().getName(),
                    source.add(command, "(" + command.getClass().getCanonicalName() + ") command")));
        }
        Map<String, String> files = source.files();
        files.put(ENTRY, """
                package dev.interject.cli;

                final class CommandModels {
                    static picocli.CommandLine.Model.CommandSpec of(Object command) {
                        return switch (command.getClass().getName()) {
                %s            default -> throw new IllegalArgumentException("no model of " + command.getClass());
                        };
                    }
                }
                """.formatted(cases));
        return files;
    }

    private static Map<String, byte[]> compiled(Map<String, String> sources, String classPath) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavaFileManager collecting = new ForwardingJavaFileManager<>(files) {
                @Override
                public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind,
                        FileObject sibling) {
                    return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                        @Override
                        public OutputStream openOutputStream() {
                            return new ByteArrayOutputStream() {
                                @Override
                                public void close() {
                                    classes.put(name.replace('.', '/') + ".class", toByteArray());
                                }
                            };
                        }
                    };
                }
            };
            List<? extends JavaFileObject> units = sources.entrySet().stream().map(file -> new SimpleJavaFileObject(
                    URI.create("memory:///" + file.getKey().replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignored) {
                    return file.getValue();
                }
            }).toList();
            List<String> options = List.of("-proc:none", "-g:none", "-implicit:none", "-Xlint:none", "-XDsuppressNotes",
                    "--class-path", classPath);
            if (!compiler.getTask(null, collecting, null, options, null, units).call()) {
                throw new IllegalStateException("the generated classes do not compile");
            }
        }
        return classes;
    }

    private static void write(ZipFile jar, Map<String, byte[]> added, Path to) throws IOException {
        long time = 0;
        try (ZipOutputStream copy = new ZipOutputStream(Files.newOutputStream(to))) {
            for (ZipEntry entry : Collections.list(jar.entries())) {
                if (!added.containsKey(entry.getName())) {
                    byte[] content = jar.getInputStream(entry).readAllBytes();
                    put(copy, entry.getName(), entry.getTime(), opened(entry.getName(), content));
                }
                time = entry.getTime();
            }
            for (Map.Entry<String, byte[]> entry : added.entrySet()) {
                put(copy, entry.getKey(), time, entry.getValue());
            }
        }
    }

    private static void put(ZipOutputStream jar, String name, long time, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(time);
        jar.putNextEntry(entry);
        jar.write(content);
    }

    private static byte[] opened(String name, byte[] content) {
        if (!name.startsWith("dev/interject/cli/") || !name.endsWith(".class")) {
            return content;
        }
        ClassFile format = ClassFile.of();
        ClassModel model = format.parse(content);
        if (model.fields().stream().noneMatch(CommandSource::isAccessed)) {
            return content;
        }
        return format.transformClass(model, (type, element) -> {
            if (element instanceof FieldModel field && CommandSource.isAccessed(field)) {
                type.transformField(field, OPENED);
            } else {
                type.with(element);
            }
        });
    }
}
