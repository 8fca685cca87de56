/*
 * The C reference: a plain C program that does what `interject bench` measures, with the same guest images, paths and
 * system calls in the same order. It checks and counts nothing that it does not need. It uses only libc. Interject builds
 * and runs it.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#define _GNU_SOURCE
#include <linux/kvm.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The memory map. MemoryMap.java and guest/include/abi.inc have the same numbers; a test compares them. */
#define RAM_BYTES           0x200000u
#define MAILBOX             0x1000u
#define MAILBOX_OPENED      (MAILBOX + 0x30u)
#define MAILBOX_TAKEN       (MAILBOX + 0x400u)
#define STAMPS_ENTERED      0x7000u
#define PML4                0x2000u
#define PDPT                0x3000u
#define PAGE_DIRECTORY      0x4000u
#define BOOT_GDT            0x5000u
#define APIC_PAGE_DIRECTORY 0x6000u
#define IOAPIC_BASE         0xfec00000u
#define LAPIC_BASE          0xfee00000u
#define IDENTITY_MAP        0xfffbc000u
#define TSS                 0xfffbd000u
#define DOORBELL_PORT       0x0b00
#define COMMAND_PORT        0x0b04
#define COMMAND_VECTOR      0xf0
#define RING_READY          1
#define RING_TAKEN          2
#define ORDERS_BASE         0x40000100u

#define PINS                24
#define GSIS                (PINS + 1) /* one after the IOAPIC's, for a message */
#define MOST_ROUTES         64
#define QUEUE               1024

enum irqchip { KERNEL, SPLIT, USERSPACE };
enum path { LINE, IRQFD, MSI, MSI_ROUTE, MSI_IRQFD, VECTOR, NMI, IPI };

/* What to build and how to interrupt it. */
struct plan {
    enum irqchip irqchip;
    enum path path;
    bool busy;   /* the guest does not halt, and shows that it runs */
    int line;    /* the line that the guest unmasks, and that a path with a line pulses */
    int vector;  /* at which interrupts arrive */
    bool raw;    /* path vector: by number, without the 8259s */
};

struct pic {
    uint8_t irr, isr, imr, base, initializing, reads_isr;
};

struct ioapic {
    uint32_t index;
    uint64_t entries[PINS];
};

/* The vectors that wait for KVM_INTERRUPT. */
struct queue {
    int ring[QUEUE];
    int first, size;
};

/* As a Java thread's permit: one unpark releases one park, also a later one. */
struct permit {
    pthread_mutex_t lock;
    pthread_cond_t given;
    bool permit;
};

enum place { OUTSIDE, IN_GUEST, PARKED, GONE };

struct machine {
    const struct plan *plan;
    int kvm, vm, vcpu;
    uint8_t *ram;
    struct kvm_run *run;
    size_t run_bytes;
    struct kvm_irq_routing_entry routes[MOST_ROUTES];
    int routes_used;
    int eventfd;
    pthread_mutex_t device_lock; /* for the controllers and queues in user space, which two threads use */
    struct pic pic[2];
    struct ioapic ioapic;
    struct queue vectors, commands;

    pthread_t thread;
    int thread_id;
    struct permit sleep;  /* the vCPU's thread */
    struct permit heard;  /* the injecting thread */
    _Atomic enum place place;
    pthread_mutex_t sending;
    bool signalled;
    _Atomic int nmis_wanted;
    bool nmi_ever_asked, halted, window_spent, window_asked;
    _Atomic bool stopping, failed, ready;
    _Atomic bool kick_wanted, window_wanted;
    _Atomic int64_t came_at; /* when the request of a kick was handled, else 0 */
    int64_t rung_at;
    uint64_t entered_at, opened_at; /* by the guest's time-stamp counter */
    _Atomic long rings;
};

/* The guest's time-stamp counter, between two readings of the host's clock. */
struct reading {
    int64_t before, after;
    uint64_t counter;
};

int64_t nanos(void);
_Noreturn void fail(const char *call); /* exits with 3 and prints errno */
int control(int fd, unsigned long request, void *argument, const char *name);
void await_ready(struct machine *m);
void await_rings(struct machine *m, long rings);
void pause_for(struct machine *m, int64_t time);

/* vm.c */
void image_read(const char *path);
void machine_make(struct machine *m, const struct plan *plan);
void machine_make_blank(struct machine *m, const struct plan *plan); /* nothing is loaded */
void machine_close(struct machine *m);
struct reading read_clock(struct machine *m); /* while the vCPU does not run */
uint64_t guest_word(struct machine *m, uint32_t address);
void routes_set(struct machine *m);
void route_message(struct machine *m, int gsi, uint32_t address, uint32_t data);
void route_remove(struct machine *m, int gsi);

/* vcpu.c */
void vcpu_start(struct machine *m);
void vcpu_stop(struct machine *m);
void vcpu_kick(struct machine *m);
void kick_arm(struct machine *m);
void kick_consume(struct machine *m);
void permit_give(struct permit *p);
void permit_await(struct permit *p, int64_t deadline); /* may return early, as park may */

/* devices.c; under device_lock */
int pic_pulse(struct machine *m, int line);
bool pic_pending(struct machine *m);
int pic_acknowledge(struct machine *m);
void port_write(struct machine *m, int port, int width, uint32_t value);
uint32_t port_read(struct machine *m, int port, int width);
int ioapic_pulse(struct machine *m, int pin);
void ioapic_write(struct machine *m, uint64_t offset, uint32_t value);
uint32_t ioapic_read(struct machine *m, uint64_t offset);

/* paths.c */
void path_prepare(struct machine *m);
int path_inject(struct machine *m);

/* msrs.c */
#define IA32_TSC          0x10
#define IA32_TSC_ADJUST   0x3b
#define IA32_TSC_DEADLINE 0x6e0
#define MOST_MSRS         1024

struct msrs {
    int count;
    struct kvm_msr_entry entries[MOST_MSRS];
};

void msr_read(struct machine *m, struct msrs *list, uint32_t number);
void all_msrs_read(struct machine *m, struct msrs *kvmclock, struct msrs *others);
void msrs_write(struct machine *m, struct msrs *list);
void tsc_write(struct machine *m, struct msrs *tsc);

/* snapshot.c */
struct snapshot;
struct snapshot *machine_save(struct machine *m); /* its thread has ended, and the calling one has called kick_arm */
void machine_restore(struct machine *m, struct snapshot *s); /* a blank one */
void vcpu_refresh(struct machine *m); /* after it was restored, before its thread starts */
void snapshot_free(struct snapshot *s);

/* machines.c: one sample in nanoseconds */
int64_t start_once(const struct plan *plan);
int64_t restore_once(const struct plan *plan, int64_t pause);

#endif
