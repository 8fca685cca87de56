package dev.interject.guest.image;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.UnbootableImageException;

/**
 * What is known of an image beside its content.
 *
 * @param format insists on a format; empty to find it by the content
 * @param mode   the mode in which it starts, where the format leaves a choice
 * @param load   where a flat binary is loaded
 * @param entry  where a flat binary or a plain ELF file starts
 */
public record ImageOptions(Optional<ImageFormat> format, Optional<BootMode> mode, OptionalLong load,
        OptionalLong entry) {

    /** Nothing: the image says it all. */
    public static final ImageOptions NONE =
            new ImageOptions(Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** Checks the addresses. */
    public ImageOptions {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(mode, "mode");
        if (load.orElse(0) < 0 || entry.orElse(0) < 0) {
            throw new IllegalArgumentException("load and entry must be 0 or above");
        }
    }

    /** Whether something is set that a flat binary needs. */
    boolean describeFlatBinary() {
        return mode.isPresent() || load.isPresent();
    }

    /** Refuses what a format leaves no choice of. */
    void requireOnly(ImageFormat format, BootMode... modes) {
        if (load.isPresent() || entry.isPresent() && format != ImageFormat.ELF) {
            throw new UnbootableImageException(
                    "%s says itself where it is loaded and started".formatted(format.what()),
                    "leave load and entry out, or set the format to flat");
        }
        if (mode.isPresent() && !List.of(modes).contains(mode.get())) {
            throw new UnbootableImageException("%s does not start in %s mode".formatted(format.what(),
                    mode.get().label()), "leave the mode out, or set the format to flat");
        }
    }
}
