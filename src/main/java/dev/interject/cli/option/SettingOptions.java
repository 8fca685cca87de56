package dev.interject.cli.option;

import java.util.List;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.setting.Setting;
import dev.interject.experiment.setting.Situation;
import picocli.CommandLine.Option;

/** What is set in the guest before the interrupt, and the list of what can be set. */
public final class SettingOptions {

    @Option(names = "--set", paramLabel = "NAME=VALUE",
            description = "set a value in the guest before the first interrupt is looked at or injected, such as"
                    + " pic.slave.imr=0xff; can be repeated, and is applied in order")
    private List<String> settings = List.of();

    @Option(names = "--list-settings", description = "list what --set can set, and do nothing else")
    private boolean isListed;

    /** Whether the user wants the list. */
    public boolean isListed() {
        return isListed;
    }

    /**
     * What the user has set.
     *
     * @throws UsageException for the first setting that is wrong
     */
    public Situation situation() {
        return new Situation(settings.stream().map(SettingOptions::setting).toList());
    }

    private static Setting setting(String text) {
        try {
            return Setting.parse(text);
        } catch (InvalidValueException wrong) {
            throw new UsageException("--set: " + wrong.getMessage());
        }
    }
}
