# Every kind of vectored event through one IDT: before it is ready, it causes exceptions in ring 0 and software
# interrupts in ring 3, each once, and logs them in their handlers. Then it sleeps like pic.

        .set    EVENTS, 1
        .include "long64.inc"
        .include "ring3.inc"

        .set    VECTOR_DE,            0
        .set    VECTOR_BP,            3
        .set    VECTOR_OF,            4               # free for `int 4`: 64-bit mode has no INTO
        .set    VECTOR_UD,            6
        .set    VECTOR_GP,            13
        .set    VECTOR_PF,            14
        .set    VECTOR_SYSTEM_CALL,   0x80            # as in 32-bit Linux
        .set    NO_VECTOR,            0xffffffff

        .set    ABSENT_SELECTOR,      0xfff8          # beyond the end of the GDT
        .set    GATE_TYPE,            5               # offset of a gate's type and DPL
        .set    GATE_DPL_3,           0x60
        .set    RFLAGS_IF_CLEAR,      0x02            # IF=0, IOPL=0; bit 1 is always set
        .set    ABSENT_PAGE,          0x200000        # RAM is one large page and ends before it

# Executes an instruction that causes an event, and continues after it. The label NAME is the instruction's address.
        .macro  cause name, instruction, vector, instead=NO_VECTOR
        movl    $\vector, expected
        movl    $\instead, expected_instead
        movl    $after_\name, resume
\name:
        \instruction
after_\name:
        .endm

main:
        call    install_idt
        call    open_ring_3
        orb     $GATE_DPL_3, idt + VECTOR_BP * 16 + GATE_TYPE
        orb     $GATE_DPL_3, idt + VECTOR_OF * 16 + GATE_TYPE
        orb     $GATE_DPL_3, idt + VECTOR_SYSTEM_CALL * 16 + GATE_TYPE
        xor     %ecx, %ecx
        mov     $ABSENT_SELECTOR, %ebx
        cause   divide, "div %ecx", VECTOR_DE
        cause   undefined, "ud2", VECTOR_UD
        cause   absent_segment, "mov %ebx, %es", VECTOR_GP
        cause   absent_page, "mov %ebx, ABSENT_PAGE + 0xabc", VECTOR_PF

        pushq   $USER_DATA_SELECTOR
        pushq   $user_stack_top
        pushq   $RFLAGS_IF_CLEAR
        pushq   $USER_CODE_SELECTOR
        pushq   $ring_3
        iretq                                         # leaves an empty stack, so RSP0 can be the same

# A KVM without VMX or SVM may emulate `int n` for 3 and 4 only, and raise #UD for others. So `int 4` returns to ring 0.
ring_3:
        cause   breakpoint, "int3", VECTOR_BP
        cause   forbidden, "int $PIC_MASTER_BASE", VECTOR_GP, VECTOR_UD
        cause   system_call, "int $VECTOR_SYSTEM_CALL", VECTOR_SYSTEM_CALL, VECTOR_UD
        cause   to_ring_0, "int $VECTOR_OF", VECTOR_OF
        mov     $DATA_SELECTOR, %eax                  # in ring 0 again; the CPU loaded a null SS on the way
        mov     %eax, %ss
        mov     $stack_top, %rsp
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep

# EAX = the vector; the stack is that of `handler`. Counts and logs the event, and returns after its instruction.
event:
        cmp     expected, %eax
        je      1f
        cmp     expected_instead, %eax
        jne     usual
1:      cmp     $VECTOR_PF, %eax
        jne     2f
        mov     %cr2, %rdx
        cmp     expected_address, %edx
        jne     usual                                  # a fault at another address is not expected
2:      incl    MAILBOX_TAKEN(,%rax,4)
        mov     MAILBOX_LOGGED, %edx
        imul    $LOG_BYTES, %edx
        add     $MAILBOX_LOG, %edx
        mov     %eax, LOG_VECTOR(%rdx)
        mov     40(%rsp), %eax
        mov     %eax, LOG_CS(%rdx)
        mov     24(%rsp), %rax
        mov     %rax, LOG_ERROR(%rdx)
        mov     32(%rsp), %rax
        mov     %rax, LOG_RIP(%rdx)
        mov     %cr2, %rax
        mov     %rax, LOG_CR2(%rdx)
        incl    MAILBOX_LOGGED
        movl    $NO_VECTOR, expected
        movl    $NO_VECTOR, expected_instead
        mov     resume, %eax
        cmp     $after_to_ring_0, %eax
        je      after_to_ring_0                        # stays in ring 0
        mov     %rax, 32(%rsp)
        jmp     back

        .data
expected_address:
        .long   ABSENT_PAGE + 0xabc
expected:
        .long   NO_VECTOR
expected_instead:
        .long   NO_VECTOR
resume:
        .long   0
