package dev.interject.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

/** {@code interject doctor}. */
@Command(name = "doctor", mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        return 0;
    }
}
