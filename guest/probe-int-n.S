# A probe: calls one of its own handlers by a software interrupt, once, in ring 0.

        .include "long64.inc"

        .set    PROBE_VECTOR,         0x50            # neither an exception nor from an 8259; CpuProbe has it too

main:
        call    install_idt
        call    program_pics
        call    report_ready
        int     $PROBE_VECTOR
asleep: cli
        hlt
        jmp     asleep
