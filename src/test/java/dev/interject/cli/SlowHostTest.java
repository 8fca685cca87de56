package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.guest.image.Images;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host with too much to do: {@code strace} delays a call. */
@RequiresKvm
class SlowHostTest {

    /** The third ioctl of a VM is {@code KVM_SET_USER_MEMORY_REGION}; microseconds. */
    private static final String DELAY = "ioctl:delay_enter=3000000:when=3";

    @TempDir
    private Path directory;

    @BeforeAll
    static void straceMustWork() {
        Strace.requireWorking();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "explain", "sweep", "run --irq 4 --at _start --image IMAGE"})
    void callThatUsesUpTheTime_isNamed(String line) {
        ChildProcess.Result result = Strace.run(directory.resolve("log"), List.of("anon_inode:kvm-vm"), DELAY,
                (line + " --timeout 2s").replace("IMAGE", Images.file("spin").toString()).split(" "));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(result.errLines().getLast())
                .matches(".* 2 s.*.*KVM_SET_USER_MEMORY_REGION alone took the host [0-9.]+ s; .*");
    }
}
