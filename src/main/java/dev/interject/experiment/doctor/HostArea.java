package dev.interject.experiment.doctor;

/** The area that a check of the host belongs to, in the order of the examination. */
public enum HostArea {
    HOST("Host"), CAPABILITIES("Capabilities"), PROBES("Trials"), DEPARTURES("Departures");

    private final String title;

    HostArea(String title) {
        this.title = title;
    }

    /** The heading in text output. */
    public String title() {
        return title;
    }
}
