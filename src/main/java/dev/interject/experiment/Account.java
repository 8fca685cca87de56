package dev.interject.experiment;

import java.util.List;
import java.util.Optional;

import dev.interject.interrupt.Ledger;

/**
 * What became of a run's interrupts, and what was seen while finding out.
 *
 * @param standing where the guest stands; empty where all that were handed over were taken, so that nobody looked
 */
record Account(Ledger ledger, Optional<Standing> standing, List<String> notes) {}
