package dev.interject;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or a class of tests, that runs only where {@code qemu-system-x86_64} is installed. Elsewhere it is skipped
 * with the reason, unless {@code INTERJECT_REQUIRE_QEMU=1} is set: then it fails.
 *
 * <p>Exclude such tests with {@code -DexcludedGroups=qemu}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Tag("qemu")
@ExtendWith(QemuCondition.class)
public @interface RequiresQemu {}
