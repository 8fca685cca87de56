# Handlers inside each other: each opens the guest again (STI) while it works, so that a line of higher priority gets in
# and one of the same or a lower priority waits for its EOI. Counts how deep it went.

        .set    HANDLER_WORKS, 1
        .include "long64.inc"
        .include "tsc.inc"

        .set    WHILE, 120000000                      # TSC cycles: 20 to 60 ms on the CPUs of today

main:
        call    install_idt
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep

handler_work:
        incl    MAILBOX_DEPTH
        mov     MAILBOX_DEPTH, %eax
        cmp     MAILBOX_DEEPEST, %eax
        jbe     1f
        mov     %eax, MAILBOX_DEEPEST
1:      sti
        mov     $WHILE, %eax
        call    work
        cli
        decl    MAILBOX_DEPTH
        ret
