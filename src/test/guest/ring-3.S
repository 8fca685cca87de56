# As pic, but spins in ring 3, with IF=1 and a stack of ring 0 in the TSS.

        .include "long64.inc"
        .include "ring3.inc"

        .set    RFLAGS_IF,            0x202

main:
        call    install_idt
        call    open_ring_3
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
