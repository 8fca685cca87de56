package dev.interject.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.interrupt.Irqchip;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.vcpu.VcpuEnd;
import org.junit.jupiter.api.Test;

class EndingExplainerTest {

    private final EndingExplainer explainer = new EndingExplainer(RunPlan.on(Irqchip.KERNEL), List.of(),
            new RunMonitor(new Cancellation(), Deadline.after(Duration.ofDays(1))));

    @Test
    void failedCallOnAVcpusThread_isAFailureOfTheHostWithCallAndErrno() {
        SystemCallException failure = new SystemCallException("KVM_RUN", new Errno(5, "EIO", "Input/output error"));

        Ending ending = explainer.ending(new VcpuEnd.HostFailed(0, failure), Optional.empty());

        assertThat(ending.outcome()).isEqualTo(Outcome.HOST_UNABLE);
        assertThat(ending.reason()).hasValue("KVM_RUN: EIO (Input/output error)");
        assertThat(ending.failure()).hasValue(failure);
    }

    @Test
    void crashOfTheGuest_isNotAFailureOfTheHost() {
        Ending ending = explainer.ending(new VcpuEnd.Crashed(1, "a triple fault"), Optional.empty());

        assertThat(ending.outcome()).isEqualTo(Outcome.GUEST_CRASHED);
        assertThat(ending.reason().orElseThrow()).contains("vCPU 1", "a triple fault");
        assertThat(ending.failure()).isEmpty();
    }

    @Test
    void bugOnAVcpusThread_isThrown() {
        IllegalArgumentException bug = new IllegalArgumentException("a bug");

        assertThatThrownBy(() -> explainer.ending(new VcpuEnd.HostFailed(0, bug), Optional.empty())).isSameAs(bug);
    }
}
