package dev.interject.cli;

import dev.interject.cli.output.Console;

/**
 * What {@code scripts/link} runs so that the classes of usual starts are in the AOT cache: a run, the help and a usage
 * error. It must not contain more than that: a start takes longer with each class of the cache.
 */
final class CacheTraining {

    private CacheTraining() {}

    public static void main(String[] none) {
        Main.prepare();
        Console console = Console.ofProcess();
        Main.execute(console, "run", "--count", "1");
        Main.execute(console, "--help");
        Main.execute(console, "run", "--cuont", "1");
    }
}
