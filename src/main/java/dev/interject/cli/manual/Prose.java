package dev.interject.cli.manual;

import java.util.List;
import java.util.regex.Pattern;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** Texts of picocli's model, with format specifiers and markup resolved, without colour. */
final class Prose {

    private static final Pattern SENTENCE_END = Pattern.compile("\\.( |$)");

    private Prose() {}

    /** The lines of a text. */
    static List<String> lines(String... text) {
        return List.of(text).stream().flatMap(line -> Ansi.OFF.string(line.formatted()).lines()).toList();
    }

    /** The same as one line. */
    static String line(String... text) {
        return String.join(" ", lines(text)).strip();
    }

    /** The first sentence without its capital and full stop, as for a list. */
    static String headline(String... text) {
        String sentence = SENTENCE_END.split(line(text), 2)[0];
        boolean acronym = sentence.length() > 1 && Character.isUpperCase(sentence.charAt(1));
        return acronym ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }

    /** Whether a value follows this option. */
    static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0 && !option.usageHelp() && !option.versionHelp();
    }
}
