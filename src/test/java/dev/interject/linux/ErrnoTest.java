package dev.interject.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;

import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.Test;

class ErrnoTest {

    @Test
    void knownNumber_hasTheNameAndWordsOfTheCLibrary() {
        assertThat(Failure.errno(13)).isEqualTo(new Errno(13, "EACCES", "Permission denied"));
        assertThat(Failure.errno(Errno.ENOMEM)).hasToString("ENOMEM (Cannot allocate memory)");
    }

    @Test
    void unknownNumber_isStillShown() {
        assertThat(Failure.errno(9999)).hasToString("errno 9999 (unknown error)");
    }

    @Test
    void constants_areNamedAsTheCLibraryNamesThem() {
        List<Field> constants = Arrays.stream(Errno.class.getFields()).toList();

        assertThat(constants).hasSizeGreaterThanOrEqualTo(12)
                .allSatisfy(constant -> assertThat(Failure.errno(constant.getInt(null)).name())
                        .isEqualTo(constant.getName()));
    }

    @Test
    void systemCallException_namesCallAndErrno() {
        SystemCallException failed = Failure.of("KVM_CREATE_VM", Errno.EBUSY);

        assertThat(failed).hasMessage("KVM_CREATE_VM: EBUSY (Device or resource busy)");
        assertThat(failed.call()).isEqualTo("KVM_CREATE_VM");
        assertThat(failed.errno().number()).isEqualTo(Errno.EBUSY);
    }
}
