/* Creates a VM with one vCPU and a loaded guest, by the same calls in the same order as machine/Machine.java. */
#include "reference.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define CODE_SELECTOR 0x08
#define DATA_SELECTOR 0x10
#define LARGE_PAGE    0x200000u
#define PRESENT_WRITABLE 0x3u
#define PAGE_LARGE    0x80u
#define PAGE_UNCACHED 0x10u
#define CPUID_ENTRIES 256

static void put(struct machine *m, uint32_t address, uint64_t value) {
    memcpy(m->ram + address, &value, sizeof value);
}

static void map_large_page(struct machine *m, uint32_t address) {
    put(m, APIC_PAGE_DIRECTORY + address % (1u << 30) / LARGE_PAGE * 8,
        (address & -LARGE_PAGE) | PRESENT_WRITABLE | PAGE_LARGE | PAGE_UNCACHED);
}

/* 64-bit mode with RAM and the APICs mapped one to one, as guest/BootMode.java sets it up. */
static void enter_long_mode(struct machine *m) {
    put(m, PML4, PDPT | PRESENT_WRITABLE);
    put(m, PDPT, PAGE_DIRECTORY | PRESENT_WRITABLE);
    put(m, PAGE_DIRECTORY, PRESENT_WRITABLE | PAGE_LARGE);
    put(m, PDPT + 3 * 8, APIC_PAGE_DIRECTORY | PRESENT_WRITABLE);
    map_large_page(m, IOAPIC_BASE);
    map_large_page(m, LAPIC_BASE);
    put(m, BOOT_GDT + CODE_SELECTOR, 0x00af9b000000ffff);
    put(m, BOOT_GDT + DATA_SELECTOR, 0x00cf93000000ffff);

    struct kvm_sregs s;
    control(m->vcpu, KVM_GET_SREGS, &s, "KVM_GET_SREGS");
    struct kvm_segment code = {.limit = 0xffffffff, .selector = CODE_SELECTOR, .type = 0xb, .present = 1, .s = 1,
                               .l = 1, .g = 1};
    struct kvm_segment data = {.limit = 0xffffffff, .selector = DATA_SELECTOR, .type = 0x3, .present = 1, .db = 1,
                               .s = 1, .g = 1};
    s.cs = code;
    s.ds = s.es = s.fs = s.gs = s.ss = data;
    s.tr = (struct kvm_segment) {.limit = 0x67, .type = 0xb, .present = 1};
    s.ldt = (struct kvm_segment) {.type = 0x2, .unusable = 1};
    s.gdt = (struct kvm_dtable) {.base = BOOT_GDT, .limit = DATA_SELECTOR + 7};
    s.idt = (struct kvm_dtable) {0};
    s.cr0 = 0x80000031; /* PG, NE, ET, PE */
    s.cr2 = 0;
    s.cr3 = PML4;
    s.cr4 = 0x20; /* PAE */
    s.cr8 = 0;
    s.efer = 0x500; /* LMA, LME */
    control(m->vcpu, KVM_SET_SREGS, &s, "KVM_SET_SREGS");
}

static struct kvm_cpuid2 *supported_leaves(struct machine *m) {
    struct kvm_cpuid2 *table = calloc(1, sizeof *table + CPUID_ENTRIES * sizeof *table->entries);
    table->nent = CPUID_ENTRIES - 2;
    control(m->kvm, KVM_GET_SUPPORTED_CPUID, table, "KVM_GET_SUPPORTED_CPUID");
    return table;
}

/* The host's leaves with this vCPU's APIC ID (0), followed by the boot parameters. */
static void give_orders(struct machine *m, struct kvm_cpuid2 *table) {
    bool deadline = m->plan->irqchip != USERSPACE
        && ioctl(m->kvm, KVM_CHECK_EXTENSION, KVM_CAP_TSC_DEADLINE_TIMER) > 0;
    for (unsigned i = 0; i < table->nent; i++) {
        struct kvm_cpuid_entry2 *leaf = &table->entries[i];
        switch (leaf->function) {
            case 1:
                leaf->ebx &= 0xffffff;
                leaf->ecx |= deadline ? 1u << 24 : 0;
                break;
            case 0xb:
            case 0x1f:
                leaf->edx = 0;
                break;
            case 0x8000001e:
                leaf->eax = 0;
                break;
        }
    }
    table->entries[table->nent++] = (struct kvm_cpuid_entry2) {.function = ORDERS_BASE, .eax = ORDERS_BASE + 1,
        .ebx = 0x65746e49, .ecx = 0x63656a72, .edx = 0x4d4d5674}; /* InterjectVMM */
    table->entries[table->nent++] = (struct kvm_cpuid_entry2) {.function = ORDERS_BASE + 1,
        .eax = 1u << m->plan->line, .ebx = 0, .ecx = 0, .edx = 1}; /* lines, edge, destination, vCPUs */
    control(m->vcpu, KVM_SET_CPUID2, table, "KVM_SET_CPUID2");
    free(table);
}

static uint8_t file[0x100000];

void image_read(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, file, sizeof file) < (ssize_t) sizeof(Elf64_Ehdr)) {
        fail(path);
    }
    close(fd);
}

static uint64_t load(struct machine *m) {
    Elf64_Ehdr *header = (Elf64_Ehdr *) file;
    Elf64_Phdr *segments = (Elf64_Phdr *) (file + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD && segments[i].p_paddr + segments[i].p_filesz <= RAM_BYTES) {
            memcpy(m->ram + segments[i].p_paddr, file + segments[i].p_offset, segments[i].p_filesz);
        }
    }
    return header->e_entry;
}

/* --- time, and the guest's mailbox */

static struct reading read_once(struct machine *m) {
    struct {
        struct kvm_msrs header;
        struct kvm_msr_entry tsc;
    } question = {.header.nmsrs = 1, .tsc.index = 0x10};
    struct reading reading = {.before = nanos()};
    control(m->vcpu, KVM_GET_MSRS, &question, "KVM_GET_MSRS");
    reading.after = nanos();
    reading.counter = question.tsc.data;
    return reading;
}

struct reading read_clock(struct machine *m) {
    struct reading best = read_once(m);
    for (int i = 1; i < 64; i++) {
        struct reading next = read_once(m);
        if (next.after - next.before < best.after - best.before) {
            best = next;
        }
    }
    return best;
}

uint64_t guest_word(struct machine *m, uint32_t address) {
    return __atomic_load_n((uint64_t *) (m->ram + address), __ATOMIC_SEQ_CST);
}

/* --- the routing table, which the kernel only takes as a whole */

void routes_set(struct machine *m) {
    struct kvm_irq_routing *table = calloc(1, sizeof *table + MOST_ROUTES * sizeof *table->entries);
    table->nr = m->routes_used;
    memcpy(table->entries, m->routes, m->routes_used * sizeof *m->routes);
    control(m->vm, KVM_SET_GSI_ROUTING, table, "KVM_SET_GSI_ROUTING");
    free(table);
}

static void route_pin(struct machine *m, int gsi, int chip, int pin) {
    m->routes[m->routes_used++] = (struct kvm_irq_routing_entry) {.gsi = gsi, .type = KVM_IRQ_ROUTING_IRQCHIP,
        .u.irqchip = {.irqchip = chip, .pin = pin}};
}

static void route_standard(struct machine *m) {
    for (int gsi = 0; gsi < PINS; gsi++) {
        if (gsi < 16) {
            route_pin(m, gsi, gsi < 8 ? KVM_IRQCHIP_PIC_MASTER : KVM_IRQCHIP_PIC_SLAVE, gsi % 8);
        }
        route_pin(m, gsi, KVM_IRQCHIP_IOAPIC, gsi);
    }
}

void route_remove(struct machine *m, int gsi) {
    int kept = 0;
    for (int i = 0; i < m->routes_used; i++) {
        if (m->routes[i].gsi != (uint32_t) gsi) {
            m->routes[kept++] = m->routes[i];
        }
    }
    bool changed = kept != m->routes_used;
    m->routes_used = kept;
    if (changed) {
        routes_set(m);
    }
}

void route_message(struct machine *m, int gsi, uint32_t address, uint32_t data) {
    int kept = 0;
    for (int i = 0; i < m->routes_used; i++) {
        if (m->routes[i].gsi != (uint32_t) gsi) {
            m->routes[kept++] = m->routes[i];
        }
    }
    m->routes_used = kept;
    m->routes[m->routes_used++] = (struct kvm_irq_routing_entry) {.gsi = gsi, .type = KVM_IRQ_ROUTING_MSI,
        .u.msi = {.address_lo = address, .data = data}};
    routes_set(m);
}

/* --- creation and release */

void machine_make_blank(struct machine *m, const struct plan *plan) {
    memset(m, 0, sizeof *m);
    m->plan = plan;
    m->eventfd = -1;
    pthread_mutex_init(&m->device_lock, NULL);
    pthread_mutex_init(&m->sending, NULL);
    for (struct permit *p = &m->sleep;; p = &m->heard) {
        pthread_mutex_init(&p->lock, NULL);
        pthread_condattr_t monotonic;
        pthread_condattr_init(&monotonic);
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_cond_init(&p->given, &monotonic);
        pthread_condattr_destroy(&monotonic);
        if (p == &m->heard) {
            break;
        }
    }

    m->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (m->kvm < 0) {
        fail("open /dev/kvm");
    }
    m->ram = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (m->ram == MAP_FAILED) {
        fail("mmap");
    }
    m->run_bytes = control(m->kvm, KVM_GET_VCPU_MMAP_SIZE, NULL, "KVM_GET_VCPU_MMAP_SIZE");
    m->vm = control(m->kvm, KVM_CREATE_VM, NULL, "KVM_CREATE_VM");
    uint64_t identity_map = IDENTITY_MAP;
    control(m->vm, KVM_SET_IDENTITY_MAP_ADDR, &identity_map, "KVM_SET_IDENTITY_MAP_ADDR");
    control(m->vm, KVM_SET_TSS_ADDR, (void *) (uintptr_t) TSS, "KVM_SET_TSS_ADDR");
    struct kvm_userspace_memory_region ram = {.memory_size = RAM_BYTES, .userspace_addr = (uintptr_t) m->ram};
    control(m->vm, KVM_SET_USER_MEMORY_REGION, &ram, "KVM_SET_USER_MEMORY_REGION");
    if (plan->irqchip == KERNEL) {
        control(m->vm, KVM_CREATE_IRQCHIP, NULL, "KVM_CREATE_IRQCHIP");
        route_standard(m);
    } else if (plan->irqchip == SPLIT) {
        struct kvm_enable_cap split = {.cap = KVM_CAP_SPLIT_IRQCHIP, .args = {PINS}};
        control(m->vm, KVM_ENABLE_CAP, &split, "KVM_ENABLE_CAP");
    }
    m->vcpu = control(m->vm, KVM_CREATE_VCPU, NULL, "KVM_CREATE_VCPU");
    m->run = mmap(NULL, m->run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, m->vcpu, 0);
    if (m->run == MAP_FAILED) {
        fail("mmap");
    }
    for (int pin = 0; pin < PINS; pin++) {
        m->ioapic.entries[pin] = 1 << 16; /* masked */
    }
}

void machine_make(struct machine *m, const struct plan *plan) {
    machine_make_blank(m, plan);
    uint64_t entry = load(m);
    give_orders(m, supported_leaves(m));
    enter_long_mode(m);
    struct kvm_regs registers = {.rip = entry, .rflags = 2};
    control(m->vcpu, KVM_SET_REGS, &registers, "KVM_SET_REGS");
}

void machine_close(struct machine *m) {
    if (m->eventfd >= 0) {
        close(m->eventfd);
    }
    munmap(m->run, m->run_bytes);
    close(m->vcpu);
    close(m->vm);
    munmap(m->ram, RAM_BYTES);
    close(m->kvm);
}
