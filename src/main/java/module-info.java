/**
 * Injects interrupts into real KVM guests, through {@code /dev/kvm}, and accounts for every one of them.
 *
 * <p>The exported packages are supported: those for planning a run and reading its report
 * ({@link dev.interject.experiment}), those for booting a {@link dev.interject.machine.Machine} and injecting step by
 * step, and the types in their signatures. The command line, the system calls and the generated bindings are not.
 *
 * <p>It needs Linux on x86-64, and {@code --enable-native-access=dev.interject}.
 */
@SuppressWarnings("requires-automatic") // HdrHistogram has no descriptor; its module name is that of its file
module dev.interject {
    requires net.fornwall.jelf;

    // used by the command line, and Jackson to read a state: a program that uses Interject as a library may lack them
    requires static com.fasterxml.jackson.core;
    requires static info.picocli;
    requires static java.xml;

    // used by `bench` only
    requires static HdrHistogram;
    requires static jdk.management;

    exports dev.interject.device;
    exports dev.interject.device.pc;
    exports dev.interject.experiment;
    exports dev.interject.experiment.boot;
    exports dev.interject.experiment.compare;
    exports dev.interject.experiment.doctor;
    exports dev.interject.experiment.explain;
    exports dev.interject.experiment.image;
    exports dev.interject.experiment.plan;
    exports dev.interject.experiment.probe;
    exports dev.interject.experiment.qemu;
    exports dev.interject.experiment.restore;
    exports dev.interject.experiment.run;
    exports dev.interject.experiment.setting;
    exports dev.interject.experiment.situation;
    exports dev.interject.experiment.state;
    exports dev.interject.experiment.suite;
    exports dev.interject.experiment.suite.list;
    exports dev.interject.experiment.sweep;
    exports dev.interject.experiment.timeline;
    exports dev.interject.experiment.trace;
    exports dev.interject.experiment.witness;
    exports dev.interject.guest;
    exports dev.interject.guest.boot;
    exports dev.interject.guest.firmware;
    exports dev.interject.guest.image;
    exports dev.interject.interrupt;
    exports dev.interject.interrupt.delivery;
    exports dev.interject.interrupt.gate;
    exports dev.interject.interrupt.inject;
    exports dev.interject.interrupt.route;
    exports dev.interject.interrupt.state;
    exports dev.interject.kvm;
    exports dev.interject.kvm.state;
    exports dev.interject.linux.error;
    exports dev.interject.machine;
    exports dev.interject.machine.board;
    exports dev.interject.machine.pc;
    exports dev.interject.machine.snapshot;
    exports dev.interject.machine.vcpu;
    exports dev.interject.trace;

    opens dev.interject.cli to info.picocli;
    opens dev.interject.cli.bench to info.picocli;
    opens dev.interject.cli.boot to info.picocli;
    opens dev.interject.cli.command to info.picocli;
    opens dev.interject.cli.compare to info.picocli;
    opens dev.interject.cli.doctor to info.picocli;
    opens dev.interject.cli.explain to info.picocli;
    opens dev.interject.cli.guests to info.picocli;
    opens dev.interject.cli.option to info.picocli;
    opens dev.interject.cli.output to info.picocli;
    opens dev.interject.cli.restore to info.picocli;
    opens dev.interject.cli.run to info.picocli;
    opens dev.interject.cli.suite to info.picocli;
    opens dev.interject.cli.sweep to info.picocli;
    opens dev.interject.cli.trace to info.picocli;
}
