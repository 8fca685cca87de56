/*
 * The C headers with the KVM and libc constants and structures that Interject uses: the input of jextract.
 * include-list.txt selects what goes into bindings/; scripts/regenerate-bindings runs jextract.
 */
#define _GNU_SOURCE
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
