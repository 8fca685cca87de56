package dev.interject.experiment.explain;

import java.util.Optional;
import java.util.SortedMap;

/**
 * What happened to an interrupt in a random situation.
 *
 * @param soon how often each handler ran in the situation
 * @param all  how often it ran in the end, when all was opened
 * @param end  how the guest broke, if it did
 */
record Observed(SortedMap<Handler, Long> soon, SortedMap<Handler, Long> all, Optional<String> end) {}
