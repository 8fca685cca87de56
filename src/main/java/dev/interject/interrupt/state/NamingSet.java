package dev.interject.interrupt.state;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;

import dev.interject.interrupt.state.HostRules.Departure;

/** Departures that name each one that is looked up. */
final class NamingSet extends AbstractSet<Departure> {

    private final Set<Departure> departures;
    private final Consumer<Departure> listener;

    NamingSet(Set<Departure> departures, Consumer<Departure> listener) {
        this.departures = departures;
        this.listener = listener;
    }

    @Override
    public boolean contains(Object departure) {
        if (departure instanceof Departure named) {
            listener.accept(named);
        }
        return departures.contains(departure);
    }

    @Override
    public Iterator<Departure> iterator() {
        return departures.iterator();
    }

    @Override
    public int size() {
        return departures.size();
    }
}
