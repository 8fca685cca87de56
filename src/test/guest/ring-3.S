# As pic, but spins in ring 3, with IF=1 and a stack of ring 0 in the TSS.

        .include "long64.inc"

        .set    USER_DATA_SELECTOR,   0x18 | 3
        .set    USER_CODE_SELECTOR,   0x20 | 3
        .set    TSS_SELECTOR,         0x28
        .set    TSS_BYTES,            104
        .set    TSS_AVAILABLE,        0x89            # present, DPL 0, available 64-bit TSS
        .set    RFLAGS_IF,            0x202
        .set    BOOT_PML4,            0x2000
        .set    BOOT_PDPT,            0x3000
        .set    BOOT_PAGE_DIRECTORY,  0x4000
        .set    PAGE_USER,            0x04

main:
        call    install_idt
        lgdt    rings_gdt_pointer                     # has the descriptors of the boot GDT at the same selectors
        mov     $TSS_SELECTOR, %eax
        ltr     %ax
        orb     $PAGE_USER, BOOT_PML4                 # every level must allow it; the APICs' pages stay supervisor-only
        orb     $PAGE_USER, BOOT_PDPT
        orb     $PAGE_USER, BOOT_PAGE_DIRECTORY
        mov     %cr3, %rax
        mov     %rax, %cr3
        call    program_pics
        call    report_ready
        pushq   $USER_DATA_SELECTOR
        pushq   $user_stack_top
        pushq   $RFLAGS_IF
        pushq   $USER_CODE_SELECTOR
        pushq   $spinning
        iretq                                         # leaves an empty stack, so RSP0 can be the same
        .globl  spinning
spinning:
        jmp     spinning

        .section .rodata
        .balign 8
rings_gdt:
        .quad   0
        .quad   0x00af9b000000ffff                    # 0x08: code, long mode, DPL 0
        .quad   0x00cf93000000ffff                    # 0x10: data, DPL 0
        .quad   0x00cff3000000ffff                    # 0x18: data, DPL 3
        .quad   0x00affb000000ffff                    # 0x20: code, long mode, DPL 3
        .word   TSS_BYTES - 1, tss                    # 0x28: TSS, 16 bytes: limit, base (below 64 KiB), type
        .byte   0, TSS_AVAILABLE, 0, 0
        .quad   0
rings_gdt_end:
rings_gdt_pointer:
        .word   rings_gdt_end - rings_gdt - 1
        .quad   rings_gdt

        .data
        .balign 8
tss:
        .long   0
        .quad   stack_top                             # RSP0
        .skip   TSS_BYTES - 14
        .word   TSS_BYTES                             # beyond the limit: no I/O permission map

        .bss
        .balign 16
        .skip   256
user_stack_top:
