/* The measures that take a VM, or two, for each sample. */
#include "reference.h"

int64_t start_once(const struct plan *plan) {
    static struct machine m;
    int64_t before = nanos();
    machine_make(&m, plan);
    vcpu_start(&m);
    await_ready(&m);
    path_prepare(&m);
    path_inject(&m);
    await_rings(&m, 1);
    int64_t time = m.rung_at - before;
    vcpu_stop(&m);
    machine_close(&m);
    return time;
}

/* The restored guest takes an interrupt, or this fails. */
int64_t restore_once(const struct plan *plan, int64_t pause) {
    static struct machine m, next;
    machine_make(&m, plan);
    vcpu_start(&m);
    await_ready(&m);
    pause_for(&m, pause);
    vcpu_stop(&m);
    kick_arm(&m); /* from now on this thread makes the vCPU's calls */
    int64_t before = nanos();
    struct snapshot *saved = machine_save(&m);
    machine_make_blank(&next, plan);
    machine_restore(&next, saved);
    int64_t time = nanos() - before;
    machine_close(&m);
    snapshot_free(saved);
    vcpu_refresh(&next);
    vcpu_start(&next);
    path_prepare(&next);
    path_inject(&next);
    await_rings(&next, 1);
    vcpu_stop(&next);
    machine_close(&next);
    return time;
}
