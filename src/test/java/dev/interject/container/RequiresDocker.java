package dev.interject.container;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of tests that runs only where Docker answers. Elsewhere it skips and says why, unless
 * {@code INTERJECT_REQUIRE_DOCKER=1} is set: then it fails. Its tests are given the {@link Image}.
 *
 * <p>Leave such tests out altogether with {@code -DexcludedGroups=docker}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Tag("docker")
@ExtendWith({DockerCondition.class, ImageOfTheTests.class})
@interface RequiresDocker {}
