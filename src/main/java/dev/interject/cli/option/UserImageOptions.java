package dev.interject.cli.option;

import static dev.interject.cli.option.UsageException.checked;
import static dev.interject.cli.option.UsageException.require;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.image.ImageMachine;
import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.image.Moment;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** An image of the user's in place of a built-in guest. */
public final class UserImageOptions {

    private static final String IMAGE = "--image";

    @Spec(Spec.Target.SELF)
    private CommandSpec self;

    @Option(names = IMAGE, paramLabel = "FILE",
            description = "boot an image of yours, as interject boot does, instead of a built-in guest; needs --irq,"
                    + " --vector or a path without a line")
    private Path image;

    @Mixin
    private PcOptions pc;

    /** Whether there is an image. */
    public boolean isGiven() {
        return image != null;
    }

    /** Refuses the other options where there is no image, which would be ignored. */
    public void requireImageFor(ParseResult parsed) {
        for (OptionSpec option : self.options()) {
            require(isGiven() || !parsed.hasMatchedOption(option.longestName()),
                    option.longestName() + " is for an image: give --image FILE");
        }
    }

    /**
     * The plan.
     *
     * @param  timeout        may be null
     * @throws UsageException where the library refuses such a plan
     */
    public ImagePlan plan(TargetOptions target, Moment moment, Duration timeout) {
        require(!target.hasGuest(), "--image and --guest exclude each other");
        return checked(() -> new ImagePlan(
                new ImageMachine(pc.software(image), pc.hardware(target.irqchip(), target.vcpus()), target.to(),
                        target.situation()),
                target.interrupt(), moment, Optional.ofNullable(timeout)));
    }

    /**
     * A place in an image: a symbol or an address. No symbol begins with a digit.
     *
     * @param  option         that has the text
     * @throws UsageException if it is neither
     */
    public static Moment.At place(String option, String text) {
        if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
            return Moment.At.symbol(text);
        }
        try {
            long address = text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
            return Moment.At.address(address);
        } catch (NumberFormatException notANumber) {
            throw new UsageException(
                    "%s takes a symbol or an address such as 0x100000, not '%s'".formatted(option, text));
        } catch (InvalidValueException notCanonical) {
            throw new UsageException(option + " " + notCanonical.complaint());
        }
    }
}
