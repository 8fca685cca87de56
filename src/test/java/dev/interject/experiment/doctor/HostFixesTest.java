package dev.interject.experiment.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import dev.interject.linux.Failure;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostFixesTest {

    private static final HostUser ALICE = new HostUser("alice", 1000, Set.of(1000L));
    private static final HostUser MEMBER = new HostUser("alice", 1000, Set.of(104L, 1000L));
    private static final String KVM = "character device 10:232";
    private static final HostDevice USUAL = new HostDevice(KVM, "root", "kvm", 104, 0660);

    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({"GenuineIntel, vmx, kvm_intel, Intel VT-x", "AuthenticAMD, svm, kvm_amd, AMD-V (SVM)",
        "HygonGenuine, svm, kvm_amd, AMD-V (SVM)"})
    void deviceMissingWithAFlag_loadsTheModuleOfTheMaker(String vendor, String flag, String module, String feature) {
        HostFacts facts = new HostTree(root).cpu(vendor, flag).read();

        assertThat(open(Errno.ENOENT, facts)).containsExactly("sudo modprobe " + module,
                "if that is not supported: enable " + feature + " in the firmware setup");
    }

    @Test
    void deviceMissingInAContainerOfAHostThatHasIt_isPassedToTheContainer() {
        HostFacts facts =
                new HostTree(root).cpu("GenuineIntel", "vmx").kernelOffersKvm().file(".dockerenv", "").read();

        assertThat(open(Errno.ENOENT, facts)).containsExactly("in a container: docker run --device /dev/kvm",
                "on the host: sudo mknod -m 666 /dev/kvm c 10 232");
    }

    @Test
    void deviceMissingWithoutVirtualization_refersToTheFirmware() {
        HostFacts facts = new HostTree(root).cpu("GenuineIntel", "fpu").read();

        assertThat(open(Errno.ENOENT, facts)).containsExactly(
                "enable Intel VT-x in the firmware setup, if this CPU has it");
    }

    @Test
    void deviceMissingInAVirtualMachine_refersToNestedVirtualization() {
        HostFacts facts = new HostTree(root).cpu("GenuineIntel", "fpu hypervisor").read();

        assertThat(open(Errno.ENOENT, facts)).containsExactly(
                "this is a virtual machine: allow nested virtualization on its host");
    }

    @Test
    void noPermission_namesGroupUserContainerAndRunner() {
        List<String> fixes = open(Errno.EACCES, facts(USUAL, ALICE));

        assertThat(fixes).hasSize(3);
        assertThat(fixes.get(0)).isEqualTo("sudo usermod -aG kvm alice && newgrp kvm");
        assertThat(fixes.get(1)).isEqualTo("in a container: docker run --device /dev/kvm --group-add 104");
        assertThat(fixes.get(2)).startsWith("on a CI runner: echo 'KERNEL==\"kvm\", GROUP=\"kvm\", MODE=\"0666\","
                + " OPTIONS+=\"static_node=kvm\"' | sudo tee ").contains(" && sudo udevadm control --reload-rules && ");
    }

    @Test
    void noPermissionForAnUnnamedUser_leavesTheNameToTheShell() {
        HostUser nameless = new HostUser("?", 4711, Set.of());

        assertThat(open(Errno.EACCES, facts(USUAL, nameless))).contains("sudo usermod -aG kvm $USER && newgrp kvm");
    }

    @ParameterizedTest
    @CsvSource({"kvm, 104, 384", "root, 0, 432", "kvm, 104, 416"})
    void noPermissionWhereTheGroupDoesNotHelp_changesTheMode(String group, long gid, int mode) {
        HostDevice device = new HostDevice(KVM, "root", group, gid, mode);

        assertThat(open(Errno.EACCES, facts(device, ALICE))).first().isEqualTo("sudo chmod 666 /dev/kvm");
    }

    @Test
    void noPermissionInARootlessContainer_keepsTheGroups() {
        HostDevice unmapped = new HostDevice(KVM, "nobody", "nogroup", 65534, 0660);

        assertThat(open(Errno.EACCES, facts(unmapped, ALICE))).containsExactly(
                "in a rootless container: podman run --device /dev/kvm --group-add keep-groups");
    }

    @Test
    void noPermissionForAMemberOfTheGroup_suspectsMountOptionsOrAnLsm() {
        assertThat(open(Errno.EACCES, facts(USUAL, MEMBER))).singleElement().asString().startsWith("findmnt");
    }

    @Test
    void notPermittedByDeviceRules_requestsReadAndWrite() {
        assertThat(open(Errno.EPERM, facts(USUAL, MEMBER))).first()
                .isEqualTo(
                        "in a container: docker run --device /dev/kvm:rw");
    }

    @Test
    void busy_namesTheHypervisorThatIsLoaded() {
        HostFacts facts = new HostTree(root).module("vboxdrv").read();

        assertThat(fixes("KVM_CREATE_VM", Errno.EBUSY, facts)).singleElement().asString().contains("VirtualBox");
    }

    @Test
    void busyWithoutAnotherModule_isExplained() {
        assertThat(fixes("KVM_CREATE_VM", Errno.EBUSY, new HostTree(root).read())).singleElement()
                .asString()
                .contains("another hypervisor");
    }

    @Test
    void outOfMemory_namesHostAndContainer() {
        assertThat(fixes("KVM_CREATE_VCPU", Errno.ENOMEM, new HostTree(root).read())).hasSize(2);
    }

    @Test
    void limitReached_isRaisedInTheShellOrForTheContainer() {
        HostFacts plain = new HostTree(root).read();
        HostFacts container = new HostTree(root).file(".dockerenv", "").read();
        String why = " (the quota of pending signals is used up)";

        assertThat(fixes("tgkill", Errno.EAGAIN, plain)).containsExactly("ulimit -i 1024" + why);
        assertThat(fixes("tgkill", Errno.EAGAIN, container)).containsExactly(
                "in a container: docker run --ulimit sigpending=1024" + why);
    }

    @Test
    void unknownError_hasNoFix() {
        assertThat(fixes("KVM_RUN", Errno.EINVAL, new HostTree(root).read())).isEmpty();
        assertThat(fixes("KVM_RUN", Errno.EACCES, new HostTree(root).read())).isEmpty();
        assertThat(fixes("KVM_IRQ_LINE_STATUS", Errno.EBUSY, new HostTree(root).read())).isEmpty();
    }

    @Test
    void problemOfARun_hasTwoLinesAtMost() {
        HostProblem problem = HostProblem.of(failure(HostFixes.OPEN, Errno.EACCES), facts(USUAL, ALICE));

        assertThat(problem.message()).isEqualTo("open /dev/kvm: EACCES (Permission denied)");
        assertThat(problem.fix()).isEqualTo(
                "sudo usermod -aG kvm alice && newgrp kvm (interject doctor shows other fixes)");
    }

    @Test
    void problemWithoutAFix_refersToDoctor() {
        HostProblem problem = HostProblem.of(failure("KVM_RUN", Errno.EINVAL), facts(USUAL, ALICE));

        assertThat(problem.fix()).isEqualTo("interject doctor shows what this host supports");
    }

    @ParameterizedTest
    @CsvSource({"directory, open /dev/kvm, 21", "regular file, KVM_GET_API_VERSION, 25",
        "FIFO, KVM_GET_API_VERSION, 25", "character device 1:3, KVM_GET_API_VERSION, 25",
        "character device 1:8, KVM_GET_API_VERSION, 22", "block device 8:0, open /dev/kvm, 123"})
    void otherFileThanKvm_isNamedByEveryCommandAndReplaced(String type, String call, int errno) {
        HostFacts other = facts(new HostDevice(type, "root", "root", 0, 0666), ALICE);

        HostProblem problem = HostProblem.of(failure(call, errno), other);

        assertThat(problem.message()).startsWith(
                "/dev/kvm is not KVM: " + type + ", not character device 10:232; " + call + ": E");
        assertThat(problem.fix()).isEqualTo("sudo rm -r /dev/kvm && sudo mknod -m 666 /dev/kvm c 10 232");
    }

    private static List<String> open(int errno, HostFacts facts) {
        return fixes(HostFixes.OPEN, errno, facts);
    }

    private static List<String> fixes(String call, int errno, HostFacts facts) {
        return HostFixes.of(failure(call, errno), facts).stream().map(HostFix::oneLine).toList();
    }

    private static SystemCallException failure(String call, int errno) {
        return Failure.of(call, errno);
    }

    private static HostFacts facts(HostDevice device, HostUser user) {
        return new HostFacts("amd64", "6.1.2", "GenuineIntel", Set.of("vmx"), OptionalInt.of(232), List.of("kvm_intel"),
                Optional.of(device), user, Optional.empty());
    }
}
