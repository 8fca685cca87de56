# Its IDT has gates for the exceptions only: an external interrupt meets a gate that is not present.

        .include "long64.inc"

        .set    EXCEPTIONS, 32

main:
        call    fill_idt
        mov     $(idt + EXCEPTIONS * 16), %edi
        mov     $((GATES - EXCEPTIONS) * 2), %ecx
clear:  movq    $0, (%rdi)
        add     $8, %edi
        dec     %ecx
        jnz     clear
        lidt    idt_pointer
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
