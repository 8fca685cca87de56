package dev.interject.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

import dev.interject.RequiresKvm;
import dev.interject.container.DebianContainer.Result;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages of {@code scripts/package}, installed on a plain Debian. */
@RequiresDocker
@RequiresKvm
class PackageIT {

    /** All files of the container except dpkg's database and temporary files. */
    private static final String FILES = """
            find / -xdev -path /var/lib/dpkg -prune -o -path /var/log/dpkg.log -o -print | sort
            """;

    private static final String INSTALL = "dpkg --install " + DebianContainer.PACKAGES + "/*.deb";

    @TempDir
    private static Path directory;

    private static Packages packages;
    private static Debian image;
    private static DebianContainer debian;
    private static Result installed;

    @BeforeAll
    static void install() {
        assumeTrue(Debian.canBeMade(), "this machine has no packages of Debian");
        packages = Packages.make(directory.resolve("first"));
        image = Debian.make();
        debian = new DebianContainer(image, packages);
        debian.start();
        installed = debian.run(INSTALL);
    }

    @AfterAll
    static void remove() {
        try (Debian _ = image; DebianContainer _ = debian) {
            // the container first: its image cannot be removed before it
        }
    }

    @Test
    void sums_areThoseOfTheFiles() {
        Result checked = debian.run("cd " + DebianContainer.PACKAGES + " && sha256sum --check SHA256SUMS");

        assertThat(checked.exitCode()).as(checked.out()).isZero();
        assertThat(checked.out().lines()).hasSize(packages.names().size() - 1);
    }

    @Test
    void rebuiltPackages_areIdentical() {
        assertThat(Packages.make(directory.resolve("second")).sums()).isEqualTo(packages.sums());
    }

    @Test
    void install_needsNoOtherPackage() {
        assertThat(installed.exitCode()).as(installed.err()).isZero();
        assertThat(debian.run("dpkg --verify interject")).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void run_takesAllInterrupts() {
        Result run = debian.run("interject run");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).endsWith("  All 5 interrupts were taken.\n");
    }

    @Test
    void archiveOfClasses_isUsed() {
        // With this option the JVM fails if the archive does not fit.
        Result run = debian.run("JAVA_TOOL_OPTIONS=-Xshare:on interject lines");

        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    void manualPages_areShownWithoutAWarning() {
        Result shown = debian.run("""
                for page in /usr/share/man/man1/interject*.1.gz; do
                    page=${page##*/}
                    man --warnings=w "${page%.1.gz}"
                done
                """);

        assertThat(shown.err()).isEmpty();
        assertThat(shown.out()).contains("INTERJECT(1)", "INTERJECT-RUN(1)", "Injects interrupts into real KVM guests");
    }

    @Test
    void tab_completesCommands() {
        Result typed = debian.run("""
                printf 'interject ru\\t--irqchip=u\\t--count 1\\nexit\\n' |
                    script --quiet --command 'bash --rcfile /usr/share/bash-completion/bash_completion -i' /dev/null
                """);

        assertThat(typed.out()).contains("interject run --irqchip=userspace --count 1", "The interrupt was taken.");
    }

    @Test
    void unpackedArchive_runs() {
        Result run = debian.run("""
                mkdir -p /opt/elsewhere && cd /opt/elsewhere && tar -xzf %s/*.tar.gz &&
                JAVA_TOOL_OPTIONS=-Xshare:on ./interject-*/bin/interject run --count 1
                """.formatted(DebianContainer.PACKAGES));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).endsWith("  The interrupt was taken.\n");
    }

    @Test
    void remove_leavesNothing() {
        try (DebianContainer other = new DebianContainer(image, packages)) {
            other.start();
            Result clean = other.run(FILES);

            Result used =
                    other.run(INSTALL + " && interject run --count 1 && man interject && dpkg --remove interject");

            assertThat(used.exitCode()).as(used.err()).isZero();
            assertThat(other.run(FILES)).isEqualTo(clean);
            assertThat(other.run("dpkg --status interject").exitCode()).isNotZero();
        }
    }
}
