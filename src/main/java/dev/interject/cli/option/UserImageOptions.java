package dev.interject.cli.option;

import static dev.interject.cli.option.UsageException.checked;
import static dev.interject.cli.option.UsageException.require;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.experiment.image.ImageMachine;
import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.image.Moment;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** An image of the user's in place of a built-in guest, and the moment at which it is looked at. */
public final class UserImageOptions {

    private static final String IMAGE = "--image";

    @Spec(Spec.Target.SELF)
    private CommandSpec self;

    @Option(names = IMAGE, paramLabel = "FILE",
            description = "boot an image of yours, as interject boot does, instead of a built-in guest; needs --irq,"
                    + " --vector or a path without a line")
    private Path image;

    @Option(names = "--when", paramLabel = "TEXT",
            description = "with --image: when its console has shown this text")
    private String when;

    @Option(names = "--when-open",
            description = "with --image: when the guest can take the interrupt (the default)")
    private boolean whenOpen;

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
     * @param  at             a symbol or an address; null for none
     * @param  after          a time; null for none
     * @param  timeout        may be null
     * @throws UsageException where the library refuses such a plan
     */
    public ImagePlan plan(TargetOptions target, String at, String after, Duration timeout) {
        return checked(() -> new ImagePlan(
                new ImageMachine(pc.software(image), pc.hardware(target.irqchip(), target.vcpus()), target.to(),
                        target.situation()),
                target.interrupt(), moment(at, after), Optional.ofNullable(timeout)));
    }

    private Moment moment(String at, String after) {
        long given = Stream.of(at, after, when).filter(option -> option != null).count() + (whenOpen ? 1 : 0);
        require(given <= 1, "--at, --after, --when and --when-open exclude each other");
        if (at != null) {
            return place(at);
        }
        if (after != null) {
            return new Moment.After(time(after));
        }
        return when != null ? new Moment.When(when) : new Moment.WhenOpen();
    }

    /** No symbol begins with a digit. */
    private static Moment place(String text) {
        if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
            return Moment.At.symbol(text);
        }
        try {
            return Moment.At.address(text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text));
        } catch (NumberFormatException notANumber) {
            throw new UsageException("--at takes a symbol or an address such as 0x100000, not '%s'".formatted(text));
        }
    }

    private static Duration time(String text) {
        try {
            return new DurationConverter().convert(text);
        } catch (TypeConversionException notATime) {
            throw new UsageException("--after: %s (with --image it is a time)".formatted(notATime.getMessage()));
        }
    }
}
