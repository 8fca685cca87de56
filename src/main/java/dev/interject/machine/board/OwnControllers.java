package dev.interject.machine.board;

import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.inject.IoapicController;
import dev.interject.interrupt.inject.LineLevels;
import dev.interject.interrupt.inject.PicController;

/**
 * The controllers in this process: the 8259s, and with a split irqchip an IOAPIC.
 *
 * @param levels the lines that are held high
 */
record OwnControllers(PicController pic, Optional<IoapicController> own, LineLevels levels) implements Controllers {

    @Override
    public PicState master() {
        return pic.masterState();
    }

    @Override
    public PicState slave() {
        return pic.slaveState();
    }

    @Override
    public Optional<IoapicState> ioapic() {
        return own.map(IoapicController::state);
    }

    @Override
    public void setPics(PicState master, PicState slave) {
        pic.restore(master, slave);
    }

    @Override
    public void setRedirection(int pin, Redirection entry) {
        IoapicController ioapic = own.orElseThrow();
        ioapic.restore(ioapic.state().withEntry(pin, entry));
        levels.forget(); // a pin is high only if its IRR bit is set
    }

    @Override
    public Optional<PitState> pit() {
        return Optional.empty();
    }

    @Override
    public void setPit(PitState state) {
        throw new IllegalStateException("there is no PIT without the controllers in the kernel");
    }
}
