package dev.interject.cli.option;

import static dev.interject.cli.option.UsageException.checked;
import static dev.interject.cli.option.UsageException.require;

import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

import dev.interject.experiment.image.Moment;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** When an image of the user's is looked at. */
public final class MomentOptions {

    @Option(names = "--when", paramLabel = "TEXT",
            description = "with --image: when its console has shown this text")
    private String when;

    @Option(names = "--when-open",
            description = "with --image: when the guest can take the interrupt (the default)")
    private boolean whenOpen;

    /** Refuses the options where there is no image, which would be ignored. */
    public void requireImage(boolean isGiven) {
        require(isGiven || when == null, "--when is for an image: give --image FILE");
        require(isGiven || !whenOpen, "--when-open is for an image: give --image FILE");
    }

    /**
     * The moment.
     *
     * @param  at             a symbol or an address; null for none
     * @param  after          a time; null for none
     * @throws UsageException if there are several, or one is wrong
     */
    public Moment moment(String at, String after) {
        long given = Stream.of(at, after, when).filter(Objects::nonNull).count() + (whenOpen ? 1 : 0);
        require(given <= 1, "--at, --after, --when and --when-open exclude each other");
        return checked(() -> at != null ? UserImageOptions.place("--at", at)
                : after != null ? new Moment.After(time(after))
                        : when != null ? new Moment.When(when) : new Moment.WhenOpen());
    }

    private static Duration time(String text) {
        try {
            return new DurationConverter().convert(text);
        } catch (TypeConversionException notATime) {
            throw new UsageException("--after: %s (with --image it is a time)".formatted(notATime.getMessage()));
        }
    }
}
