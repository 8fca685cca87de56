# A probe: executes one INT n in ring 0.

        .include "long64.inc"

        .set    PROBE_VECTOR,         0x50            # neither an exception nor an 8259's; the same as in CpuProbe

main:
        call    install_idt
        call    program_pics
        call    report_ready
        int     $PROBE_VECTOR
asleep: cli
        hlt
        jmp     asleep
