package dev.interject.device.pc;

import java.util.ArrayList;
import java.util.List;

/** Records what a guest requests. */
final class RecordedPower implements PowerControl {

    final List<String> requests = new ArrayList<>();

    @Override
    public void exit(int value) {
        requests.add("exit " + value);
    }

    @Override
    public void reset(String cause) {
        requests.add("reset by " + cause);
    }
}
