package dev.interject.device;

import dev.interject.kvm.IrqLine;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.PicChip;

/** The pair that {@code KVM_CREATE_IRQCHIP} makes, on the real {@code /dev/kvm}: a puppet guest reaches its ports. */
final class KernelPic implements PicSubject, AutoCloseable {

    private final PuppetGuest guest = new PuppetGuest();
    private final VirtualMachine vm = guest.virtualMachine();
    private final IrqLine[] lines = new IrqLine[Pic8259Pair.LINES];

    KernelPic() {
        for (int line = 0; line < lines.length; line++) {
            lines[line] = vm.irqLine(line);
        }
    }

    @Override
    public void write(int port, int value) {
        guest.out(port, value);
    }

    @Override
    public int read(int port) {
        return guest.in(port);
    }

    @Override
    public int raise(int line) {
        return lines[line].raise();
    }

    @Override
    public void lower(int line) {
        lines[line].lower();
    }

    @Override
    public int takeInterrupt() {
        return guest.open().orElse(NO_INTERRUPT);
    }

    @Override
    public PicPairRegisters registers() {
        return new PicPairRegisters(vm.picState(PicChip.MASTER), vm.picState(PicChip.SLAVE));
    }

    /** The slave first: setting it may pulse the master's IR2, which must not outlast this. */
    @Override
    public void restore(PicState master, PicState slave) {
        for (IrqLine line : lines) {
            line.lower();
        }
        vm.setPicState(PicChip.SLAVE, slave);
        vm.setPicState(PicChip.MASTER, master);
    }

    @Override
    public void close() {
        guest.close();
    }
}
