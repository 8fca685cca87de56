package dev.interject.interrupt.state;

/**
 * Where this host's KVM departs from the Intel SDM in who takes an interrupt. Probes find it.
 *
 * @param keepsOneForEachId of the LAPICs with the same ID, or the same bit of a logical ID, it finds one, and a
 *                          logical ID of several bits by its lowest bit only (before Linux 6.3)
 * @param choosesByVector   of several LAPICs, the vector selects the one that takes a lowest-priority interrupt, not
 *                          its priority (the module parameter vector_hashing)
 */
public record DestinationRules(boolean keepsOneForEachId, boolean choosesByVector) {

    /** Those of the Intel SDM. */
    public static final DestinationRules OF_THE_MANUALS = new DestinationRules(false, false);
}
