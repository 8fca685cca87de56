package dev.interject;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.interject.experiment.probe.ConformanceProbe;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or a class of tests, that runs only where KVM follows the manuals in what some probes of {@code doctor}
 * test. Elsewhere it skips and names the probe, unless {@code INTERJECT_REQUIRE_CONFORMANCE=1} is set: then it fails,
 * but for the probes, by label and with commas between, that {@code INTERJECT_MAY_DEPART} lists.
 *
 * <p>{@code scripts/other-host amd --tests @conformance} runs these tests on such a host.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Tag("conformance")
@RequiresKvm
@ExtendWith(ConformanceCondition.class)
public @interface RequiresConformance {

    /** The probes that must find their rules kept. */
    ConformanceProbe[] value();
}
