# Jumps to an unmapped address, where no instruction can be fetched.

        .include "long64.inc"

        .set    PAGE_DIRECTORY, 0x4000
        .set    NOWHERE, 0x200000
        .set    PRESENT_WRITABLE_LARGE, 0x83

main:
        call    install_idt
        call    program_pics
        call    report_ready
        movq    $(NOWHERE | PRESENT_WRITABLE_LARGE), PAGE_DIRECTORY + 8
        mov     $NOWHERE, %eax
        jmp     *%rax
