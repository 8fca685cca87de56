package dev.interject.guest.boot;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a guest is booted with.
 *
 * @param name        the image's file name
 * @param commandLine may be empty
 * @param initrd      a file that is loaded beside the image
 * @param rsdp        where ACPI's tables begin, if there are any
 */
public record BootRequest(String name, String commandLine, Optional<byte[]> initrd, OptionalLong rsdp) {

    /**
     * Checks the texts.
     *
     * @throws UnbootableImageException if one has a zero byte, at which a guest would stop reading
     */
    public BootRequest {
        Objects.requireNonNull(initrd, "initrd");
        Objects.requireNonNull(rsdp, "rsdp");
        if (name.indexOf('\0') >= 0 || commandLine.indexOf('\0') >= 0) {
            throw new UnbootableImageException("the command line has a zero byte", "remove it");
        }
    }

    /** The same with ACPI's tables at an address. */
    public BootRequest withRsdp(OptionalLong address) {
        return new BootRequest(name, commandLine, initrd, address);
    }

    /** Refuses an initrd or a command line, which this format has no place for. */
    void requirePlain(String format) {
        if (initrd.isPresent() || !commandLine.isEmpty()) {
            throw new UnbootableImageException("%s takes no %s".formatted(format,
                    initrd.isPresent() ? "initrd" : "command line"),
                    "leave it out, or give the image a Multiboot header or a PVH note");
        }
    }
}
