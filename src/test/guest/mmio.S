# Maps the addresses after RAM, writes there in every width, reads back, and counts the reads that returned all ones.

        .include "long64.inc"

        .set    DONE, 0x600d600d
        .set    PAGE_DIRECTORY, 0x4000
        .set    LARGE, 0x200000                       # the size of a large page, and of the RAM
        .set    NOWHERE, LARGE
        .set    PRESENT_WRITABLE_LARGE, 0x83

main:
        movq    $(NOWHERE | PRESENT_WRITABLE_LARGE), PAGE_DIRECTORY + 8
        mov     $NOWHERE, %ebx
        mov     $0x12345678, %eax
        mov     $512, %ecx
1:      mov     %al, (%rbx)
        mov     %ax, 2(%rbx)
        mov     %eax, 5(%rbx)                         # across two aligned words
        mov     %rax, 8(%rbx)
        cmpb    $-1, (%rbx)
        jne     failed
        cmpw    $-1, 2(%rbx)
        jne     failed
        mov     5(%rbx), %edx
        cmp     $-1, %edx
        jne     failed
        mov     8(%rbx), %rdx
        cmp     $-1, %rdx
        jne     failed
        add     $0x3fc, %ebx
        dec     %ecx
        jnz     1b

        # across the end of RAM: the first half is RAM, the second is unmapped
        movl    $0, NOWHERE - 4
        mov     NOWHERE - 4, %rdx
        mov     $0xffffffff00000000, %rax
        cmp     %rax, %rdx
        jne     failed

        mov     $NOWHERE - 64, %edi
        mov     $128, %ecx
        mov     $0x5a, %al
        rep stosb
        movl    $DONE, MAILBOX_SPURIOUS
failed: cli
        hlt
        jmp     failed
