# Destroys its environment before it sleeps: IDTR points to no table, the page tables and the rest of low memory are
# garbage. It continues if its translations are still in the TLB; otherwise the next instruction faults. Tests accept
# both.

        .include "long64.inc"

        .set    LOW_MEMORY, 0x2000                    # page tables and the boot GDT, up to this image
        .set    LOW_MEMORY_END, 0x6000

main:
        call    install_idt
        call    program_pics
        call    report_ready
        lidt    wild_idt_pointer
        mov     $LOW_MEMORY, %edi
        mov     $0xdead2fff7fff5fe7, %rax             # present, writable, user, and an address far outside
1:      mov     %rax, (%rdi)
        add     $8, %edi
        cmp     $LOW_MEMORY_END, %edi
        jb      1b
        sti
sleep:  hlt
        jmp     sleep

        .section .rodata
wild_idt_pointer:
        .word   0xffff
        .quad   0x00007ffffffff800
