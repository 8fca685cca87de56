/*
 * Everything that Interject knows about KVM and libc by number: the one header given to jextract.
 * What of it reaches bindings/ is chosen by the include list beside it; scripts/regenerate-bindings runs both.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
