/* A vCPU's model-specific registers: machine/snapshot/VcpuPieces.java and kvm/ModelSpecificRegisters.java in C. */
#include "reference.h"

#include <errno.h>
#include <string.h>

#define MOST_AT_ONCE 128          /* KVM takes fewer than 256 */
#define FAR          (1ull << 40) /* cycles; see VcpuPieces.java */

static bool is_kvmclock(uint32_t number) {
    return number == 0x11 || number == 0x12 || (number >= 0x4b564d00 && number <= 0x4b564d07);
}

static bool is_other(uint32_t number) {
    return number != IA32_TSC && number != IA32_TSC_ADJUST && number != IA32_TSC_DEADLINE;
}

static int at_once(int count) {
    return count < MOST_AT_ONCE ? count : MOST_AT_ONCE;
}

/* KVM handles none after the first that it refuses. Returns how many it handled. */
static int msrs(struct machine *m, unsigned long request, struct kvm_msr_entry *entries, int count, const char *name) {
    struct {
        struct kvm_msrs header;
        struct kvm_msr_entry entries[MOST_AT_ONCE];
    } table;
    table.header = (struct kvm_msrs) {.nmsrs = count};
    memcpy(table.entries, entries, count * sizeof *entries);
    int handled = control(m->vcpu, request, &table, name);
    memcpy(entries, table.entries, handled * sizeof *entries);
    return handled;
}

/* Those that this KVM reports. */
static void msrs_read(struct machine *m, struct msrs *list, const uint32_t *numbers, int count) {
    while (count > 0) {
        struct kvm_msr_entry *next = &list->entries[list->count];
        int asked = at_once(count);
        for (int i = 0; i < asked; i++) {
            next[i] = (struct kvm_msr_entry) {.index = numbers[i]};
        }
        int read = msrs(m, KVM_GET_MSRS, next, asked, "KVM_GET_MSRS");
        list->count += read;
        int done = read < asked ? read + 1 : read; /* without the one that was refused */
        numbers += done;
        count -= done;
    }
}

void msr_read(struct machine *m, struct msrs *list, uint32_t number) {
    msrs_read(m, list, &number, 1);
}

void all_msrs_read(struct machine *m, struct msrs *kvmclock, struct msrs *others) {
    struct {
        struct kvm_msr_list header;
        uint32_t numbers[MOST_MSRS];
    } all = {.header.nmsrs = MOST_MSRS};
    control(m->kvm, KVM_GET_MSR_INDEX_LIST, &all, "KVM_GET_MSR_INDEX_LIST");
    uint32_t ours[MOST_MSRS], rest[MOST_MSRS];
    int our = 0, remaining = 0;
    for (unsigned i = 0; i < all.header.nmsrs; i++) {
        if (is_kvmclock(all.numbers[i])) {
            ours[our++] = all.numbers[i];
        } else if (is_other(all.numbers[i])) {
            rest[remaining++] = all.numbers[i];
        }
    }
    msrs_read(m, kvmclock, ours, our);
    msrs_read(m, others, rest, remaining);
}

/* One that KVM refuses is read-only, and must have the value already. */
void msrs_write(struct machine *m, struct msrs *list) {
    for (int i = 0; i < list->count;) {
        int given = at_once(list->count - i);
        int written = msrs(m, KVM_SET_MSRS, &list->entries[i], given, "KVM_SET_MSRS");
        i += written;
        if (written < given) {
            struct kvm_msr_entry now = list->entries[i];
            if (msrs(m, KVM_GET_MSRS, &now, 1, "KVM_GET_MSRS") != 1 || now.data != list->entries[i].data) {
                errno = EINVAL;
                fail("KVM_SET_MSRS");
            }
            i++;
        }
    }
}

/* KVM takes a value near that of the VM's other counters for an attempt to make them alike, so a far one comes first. */
void tsc_write(struct machine *m, struct msrs *tsc) {
    struct msrs far = *tsc;
    far.entries[0].data += FAR;
    msrs_write(m, &far);
    msrs_write(m, tsc);
}
