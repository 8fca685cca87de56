# A probe: sets IF for two instructions, several times, and reports READY before each time.
# The report is a port exit, so the host can make an interrupt pending before the window opens.

        .include "long64.inc"

        .set    PROBE_WINDOWS,        128             # the same as in CpuProbe

main:
        call    install_idt
        call    program_pics
        mov     $PROBE_WINDOWS, %ebx
again:  call    report_ready
        sti
        nop                                           # in the STI shadow
        nop                                           # a pending interrupt must be taken before this one
        cli
        dec     %ebx
        jnz     again
        call    report_ready                          # an interrupt pending now is taken at HLT at the latest
sleep:  sti
        hlt
        jmp     sleep
