# A probe: opens for two instructions, again and again, and says before each time that it is about to.
# The ring is a port exit, so the host can have an interrupt wait before the window opens.

        .include "long64.inc"

        .set    PROBE_WINDOWS,        16              # CpuProbe has it too

main:
        call    install_idt
        call    program_pics
        mov     $PROBE_WINDOWS, %ebx
again:  call    report_ready
        sti
        nop                                           # in the shadow of STI
        nop                                           # what waits must get in before this one
        cli
        dec     %ebx
        jnz     again
        call    report_ready                          # once more: what waits now gets in at HLT at the latest
sleep:  sti
        hlt
        jmp     sleep
