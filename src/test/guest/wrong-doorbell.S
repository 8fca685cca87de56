# Counts each interrupt correctly, but reports the next vector as taken.

        .include "long64.inc"

        .set    LINE_10, PIC_SLAVE_BASE + 2

main:
        call    install_idt
        mov     $wrong, %eax                          # in the same 64 KiB as the stub that it replaces
        mov     %ax, idt + LINE_10 * 16
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep

wrong:  incl    MAILBOX_TAKEN + LINE_10 * 4
        mov     $(DOORBELL_TAKEN << 24 | (LINE_10 + 1)), %eax
        mov     $DOORBELL_PORT, %edx
        out     %eax, %dx
        mov     $PIC_OCW2_EOI, %al
        out     %al, $PIC_SLAVE_COMMAND
        out     %al, $PIC_MASTER_COMMAND
        iretq
