# Its IDT has gates for exceptions only: the gate of an external interrupt is not present (#NP).

        .include "long64.inc"

        .set    EXCEPTIONS, 32

main:
        call    fill_idt
        mov     $(idt + EXCEPTIONS * 16 + 5), %edi    # the byte with P; a gate without a type would cause #GP, not #NP
        mov     $(GATES - EXCEPTIONS), %ecx
clear:  andb    $0x7f, (%rdi)
        add     $16, %edi
        dec     %ecx
        jnz     clear
        lidt    idt_pointer
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
