package dev.interject.guest.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.guest.boot.BootMode;

/** The images built from {@code src/test/guest/formats}. */
public final class Images {

    /** All whose content tells their format, and that end by themselves. */
    public static final List<String> TELLING = List.of("flat-real", "elf32", "elf64", "multiboot", "multiboot-flat",
            "multiboot2", "pvh", "linux");

    private Images() {}

    private static String resource(String name) {
        return "/dev/interject/guest/formats/" + name + ".img";
    }

    /** An image's content. */
    public static byte[] content(String name) {
        try (InputStream image = Images.class.getResourceAsStream(resource(name))) {
            return image.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** An image's file. */
    public static Path file(String name) {
        return Path.of(Images.class.getResource(resource(name)).getPath());
    }

    static GuestImage read(byte[] content) {
        return GuestImage.of(content, ImageOptions.NONE);
    }

    static ImageOptions inMode(BootMode mode) {
        return new ImageOptions(Optional.empty(), Optional.of(mode), OptionalLong.empty(),
                OptionalLong.empty());
    }

    static ImageOptions as(ImageFormat format) {
        return new ImageOptions(Optional.of(format), Optional.empty(),
                OptionalLong.empty(), OptionalLong.empty());
    }
}
