# Nested handlers: each executes STI before it works, so a line of higher priority interrupts it, and a line of the same
# or a lower priority waits for its EOI. Counts the nesting depth.

        .set    HANDLER_WORKS, 1
        .include "long64.inc"
        .include "tsc.inc"

        .set    WORK_CYCLES, 120000000                      # TSC cycles: 20 to 60 ms on current CPUs

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
        mov     $WORK_CYCLES, %eax
        call    work
        cli
        decl    MAILBOX_DEPTH
        ret
