package dev.interject.experiment.doctor;

/** What a check of the host is about; in the order in which they are made. */
public enum HostArea {
    HOST("Host"), CAPABILITIES("Capabilities"), PROBES("Tried"), DEPARTURES("Departures");

    private final String title;

    HostArea(String title) {
        this.title = title;
    }

    /** The heading for people. */
    public String title() {
        return title;
    }
}
