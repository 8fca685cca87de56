/*
 * Writes the state of a VM as JSON, for: interject explain --state FILE --irq N
 *
 * Copy dump_state() into your VMM; it needs the VM's descriptor, those of its vCPUs, and guest memory. Call it while no
 * vCPU is in KVM_RUN. What a VM does not have (an irqchip in the kernel, say) is left out: what is missing is unknown.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

static void hex(FILE *out, const void *bytes, size_t length) {
    fputc('"', out);
    for (size_t i = 0; i < length; i++) {
        fprintf(out, "%02x", ((const uint8_t *) bytes)[i]);
    }
    fputc('"', out);
}

/* A field with a structure, if the ioctl succeeds; the field before it ends in a comma. */
static void structure(FILE *out, const char *name, int fd, unsigned long request, void *bytes, size_t length) {
    if (ioctl(fd, request, bytes) == 0) {
        fprintf(out, ",\n    \"%s\": ", name);
        hex(out, bytes, length);
    }
}

static void msr(FILE *out, int vcpu, uint32_t index, const char *separator) {
    struct { struct kvm_msrs head; struct kvm_msr_entry entry; } msrs = {{.nmsrs = 1}, {.index = index}};
    if (ioctl(vcpu, KVM_GET_MSRS, &msrs) == 1) {
        fprintf(out, "%s\"0x%x\": \"0x%llx\"", separator, index, (unsigned long long) msrs.entry.data);
    }
}

static void dump_vcpu(FILE *out, int vcpu, const struct kvm_run *run, int number) {
    struct kvm_regs regs;
    struct kvm_sregs sregs;
    struct kvm_vcpu_events events;
    struct kvm_mp_state mp_state;
    struct kvm_lapic_state lapic;
    fprintf(out, "  {\n    \"number\": %d,\n    \"ready\": %s", number,
            run->ready_for_interrupt_injection ? "true" : "false");
    structure(out, "kvm_regs", vcpu, KVM_GET_REGS, &regs, sizeof regs);
    structure(out, "kvm_sregs", vcpu, KVM_GET_SREGS, &sregs, sizeof sregs);
    structure(out, "kvm_vcpu_events", vcpu, KVM_GET_VCPU_EVENTS, &events, sizeof events);
    structure(out, "kvm_mp_state", vcpu, KVM_GET_MP_STATE, &mp_state, sizeof mp_state);
    structure(out, "kvm_lapic_state", vcpu, KVM_GET_LAPIC, &lapic, sizeof lapic);
    fputs(",\n    \"msrs\": {", out);
    msr(out, vcpu, 0x1b, "");     /* IA32_APIC_BASE */
    msr(out, vcpu, 0x6e0, ", "); /* IA32_TSC_DEADLINE */
    fputs("}\n  }", out);
}

/*
 * irqchip: "kernel" (KVM_CREATE_IRQCHIP), "split" (KVM_CAP_SPLIT_IRQCHIP) or "userspace".
 * routing: what you passed to KVM_SET_GSI_ROUTING last; NULL if the table is that of KVM_CREATE_IRQCHIP.
 */
static void dump_state(FILE *out, const char *irqchip, int vm, const int *vcpus, struct kvm_run *const *runs, int count,
                       const struct kvm_irq_routing *routing, const char *memory_file) {
    fprintf(out, "{\n  \"irqchip\": \"%s\",\n  \"vcpus\": [\n", irqchip);
    for (int i = 0; i < count; i++) {
        fputs(i > 0 ? ",\n" : "", out);
        dump_vcpu(out, vcpus[i], runs[i], i);
    }
    fputs("\n  ],\n  \"kvm_irqchip\": [", out);
    for (uint32_t chip = 0, given = 0; chip < 3; chip++) {
        struct kvm_irqchip state = {.chip_id = chip};
        if (ioctl(vm, KVM_GET_IRQCHIP, &state) == 0) {
            fputs(given++ > 0 ? ", " : "", out);
            hex(out, &state, sizeof state);
        }
    }
    fputs("]", out);
    struct kvm_pit_state2 pit;
    structure(out, "kvm_pit_state2", vm, KVM_GET_PIT2, &pit, sizeof pit);
    if (routing != NULL) {
        fputs(",\n  \"kvm_irq_routing\": ", out);
        hex(out, routing, sizeof *routing + routing->nr * sizeof routing->entries[0]);
    } else if (strcmp(irqchip, "kernel") == 0) {
        fputs(",\n  \"routes\": \"standard\"", out);
    }
    fprintf(out, ",\n  \"memory\": [{\"address\": 0, \"file\": \"%s\"}]\n}\n", memory_file);
}

/* --- A VM to try it with: real mode, the handler of vector 0x29 at 0x2000, and line 9 masked in the 8259. --- */

static void require(int condition, const char *what) {
    if (!condition) {
        perror(what);
        exit(1);
    }
}

int main(int argc, char **argv) {
    require(argc == 2, "usage: dump_state FILE-FOR-MEMORY");
    int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    require(kvm >= 0, "/dev/kvm");
    int vm = ioctl(kvm, KVM_CREATE_VM, 0);
    require(vm >= 0, "KVM_CREATE_VM");
    require(ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000) == 0, "KVM_SET_TSS_ADDR");
    require(ioctl(vm, KVM_CREATE_IRQCHIP, 0) == 0, "KVM_CREATE_IRQCHIP");
    size_t size = 0x10000;
    uint8_t *ram = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(ram != MAP_FAILED, "mmap");
    memcpy(ram + 0x1000, (uint8_t[]) {0xfb, 0xeb, 0xfe}, 3);          /* sti; jmp . */
    memcpy(ram + 4 * 0x29, (uint8_t[]) {0x00, 0x20, 0x00, 0x00}, 4); /* vector 0x29: 0000:2000 */
    struct kvm_userspace_memory_region region = {
        .memory_size = size, .userspace_addr = (uint64_t) (uintptr_t) ram};
    require(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) == 0, "KVM_SET_USER_MEMORY_REGION");
    struct kvm_irqchip slave = {.chip_id = 1};
    require(ioctl(vm, KVM_GET_IRQCHIP, &slave) == 0, "KVM_GET_IRQCHIP");
    slave.chip.pic.irq_base = 0x28;
    slave.chip.pic.imr = 0x02; /* line 9 */
    require(ioctl(vm, KVM_SET_IRQCHIP, &slave) == 0, "KVM_SET_IRQCHIP");
    int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
    require(vcpu >= 0, "KVM_CREATE_VCPU");
    struct kvm_run *run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
    require(run != MAP_FAILED, "mmap of the vCPU");
    struct kvm_sregs sregs;
    require(ioctl(vcpu, KVM_GET_SREGS, &sregs) == 0, "KVM_GET_SREGS");
    sregs.cs.selector = 0;
    sregs.cs.base = 0;
    require(ioctl(vcpu, KVM_SET_SREGS, &sregs) == 0, "KVM_SET_SREGS");
    struct kvm_regs regs = {.rip = 0x1001, .rsp = 0x8000, .rflags = 0x202};
    require(ioctl(vcpu, KVM_SET_REGS, &regs) == 0, "KVM_SET_REGS");
    FILE *image = fopen(argv[1], "wb");
    require(image != NULL && fwrite(ram, 1, size, image) == size && fclose(image) == 0, argv[1]);
    dump_state(stdout, "kernel", vm, &vcpu, &run, 1, NULL, argv[1]);
    return 0;
}
