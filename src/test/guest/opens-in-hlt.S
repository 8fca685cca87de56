# As probe-sti-window, but each window lasts until HLT: a pending interrupt is taken on every host.

        .include "long64.inc"

        .set    WINDOWS, 128

main:
        call    install_idt
        call    program_pics
        mov     $WINDOWS, %ebx
again:  call    report_ready
        sti
        hlt
        cli
        dec     %ebx
        jnz     again
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
