/*
 * The devices outside the guest's RAM: the part of an 8259 pair and of an IOAPIC that the bench's guests use, which is
 * edges and non-specific EOIs. The Java models in device/ are complete.
 */
#include "reference.h"

#define EDGE_MASKED (1u << 16)

/* --- the 8259 pair: pic[0] is the master, the slave is at its line 2 */

static bool output(const struct pic *p) {
    uint8_t waiting = p->irr & ~p->imr;
    /* fully nested mode: only a request above all in service; the lowest bit has the highest priority */
    return waiting != 0 && (p->isr == 0 || (waiting & -waiting) < (p->isr & -p->isr));
}

static void cascade(struct machine *m) {
    if (output(&m->pic[1])) {
        m->pic[0].irr |= 1 << 2;
    } else {
        m->pic[0].irr &= ~(1 << 2);
    }
}

int pic_pulse(struct machine *m, int line) {
    struct pic *p = &m->pic[line / 8];
    uint8_t bit = 1 << line % 8;
    int status = p->imr & bit ? -1 : p->irr & bit ? 0 : 1;
    p->irr |= bit;
    cascade(m);
    return status;
}

bool pic_pending(struct machine *m) {
    return output(&m->pic[0]);
}

static int take(struct pic *p) {
    uint8_t waiting = p->irr & ~p->imr;
    int level = __builtin_ctz(waiting);
    p->irr &= ~(1 << level);
    p->isr |= 1 << level;
    return level;
}

int pic_acknowledge(struct machine *m) {
    int level = take(&m->pic[0]);
    int vector = m->pic[0].base + level;
    if (level == 2) {
        vector = m->pic[1].base + take(&m->pic[1]);
    }
    cascade(m);
    return vector;
}

static void pic_write(struct machine *m, struct pic *p, bool data, uint8_t value) {
    if (!data && value & 0x10) { /* ICW1 */
        *p = (struct pic) {.initializing = 2};
    } else if (data && p->initializing) {
        if (p->initializing == 2) {
            p->base = value & 0xf8;
        }
        p->initializing = p->initializing == 4 ? 0 : p->initializing + 1; /* ICW2, ICW3, ICW4 */
    } else if (data) {
        p->imr = value;
    } else if (value & 0x08) { /* OCW3 */
        p->reads_isr = (value & 3) == 3 ? 1 : (value & 3) == 2 ? 0 : p->reads_isr;
    } else if ((value & 0xe0) == 0x20) { /* OCW2: non-specific EOI */
        p->isr &= p->isr - 1;
    }
    cascade(m);
}

/* --- the IOAPIC of a split irqchip */

static uint32_t message_address(uint64_t entry) {
    return LAPIC_BASE | (uint32_t) (entry >> 56) << 12;
}

int ioapic_pulse(struct machine *m, int pin) {
    uint64_t entry = m->ioapic.entries[pin];
    if (entry & EDGE_MASKED) {
        return -1;
    }
    struct kvm_msi message = {.address_lo = message_address(entry), .data = entry & 0xff};
    return control(m->vm, KVM_SIGNAL_MSI, &message, "KVM_SIGNAL_MSI");
}

void ioapic_write(struct machine *m, uint64_t offset, uint32_t value) {
    if (offset == 0) {
        m->ioapic.index = value & 0xff;
        return;
    }
    unsigned half = m->ioapic.index - 0x10;
    if (offset != 0x10 || half >= 2 * PINS) {
        return;
    }
    int pin = half / 2;
    uint64_t *entry = &m->ioapic.entries[pin];
    *entry = half % 2 ? (*entry & 0xffffffff) | (uint64_t) value << 32 : (*entry & ~0xffffffffull) | value;
    if (*entry & EDGE_MASKED) {
        route_remove(m, pin);
    } else {
        route_message(m, pin, message_address(*entry), *entry & 0xff);
    }
}

uint32_t ioapic_read(struct machine *m, uint64_t offset) {
    if (offset == 0) {
        return m->ioapic.index;
    }
    unsigned half = m->ioapic.index - 0x10;
    if (offset == 0x10 && half < 2 * PINS) {
        return m->ioapic.entries[half / 2] >> half % 2 * 32;
    }
    return offset == 0x10 && m->ioapic.index == 1 ? (PINS - 1) << 16 | 0x11 : 0;
}

/* --- the ports */

void port_write(struct machine *m, int port, int width, uint32_t value) {
    if (width == 1 && (port & ~0x81) == 0x20) {
        pic_write(m, &m->pic[port >= 0xa0], port & 1, value);
    }
}

uint32_t port_read(struct machine *m, int port, int width) {
    if (port == COMMAND_PORT) {
        if (width != 4 || m->commands.size == 0) {
            return 0;
        }
        int command = m->commands.ring[m->commands.first];
        m->commands.first = (m->commands.first + 1) % QUEUE;
        m->commands.size--;
        return command;
    }
    if (width == 1 && (port & ~0x81) == 0x20) {
        struct pic *p = &m->pic[port >= 0xa0];
        return port & 1 ? p->imr : p->reads_isr ? p->isr : p->irr;
    }
    return 0xffffffff;
}
