# Every kind of vectored event through one IDT: before it is ready, it causes exceptions in ring 0 and software
# interrupts in ring 3, each once, and logs them in their handlers. Then it sleeps like pic.

        .set    EVENTS, 1
        .include "long64.inc"

        .set    VECTOR_DE,            0
        .set    VECTOR_BP,            3
        .set    VECTOR_OF,            4               # free for `int 4`: 64-bit mode has no INTO
        .set    VECTOR_UD,            6
        .set    VECTOR_GP,            13
        .set    VECTOR_PF,            14
        .set    VECTOR_SYSTEM_CALL,   0x80            # as in 32-bit Linux
        .set    NO_VECTOR,            0xffffffff

        .set    USER_DATA_SELECTOR,   0x18 | 3
        .set    USER_CODE_SELECTOR,   0x20 | 3
        .set    TSS_SELECTOR,         0x28
        .set    ABSENT_SELECTOR,      0xfff8          # beyond the end of the GDT
        .set    TSS_BYTES,            104
        .set    TSS_AVAILABLE,        0x89            # present, DPL 0, available 64-bit TSS
        .set    GATE_TYPE,            5               # offset of a gate's type and DPL
        .set    GATE_DPL_3,           0x60
        .set    RFLAGS_IF_CLEAR,      0x02            # IF=0, IOPL=0; bit 1 is always set

        .set    BOOT_PML4,            0x2000
        .set    BOOT_PDPT,            0x3000
        .set    BOOT_PAGE_DIRECTORY,  0x4000
        .set    PAGE_USER,            0x04
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

# Prepares for ring 3: segments, a TSS with the stack of ring 0, pages and gates. Destroys RAX.
open_ring_3:
        lgdt    rings_gdt_pointer                     # has the descriptors of the boot GDT at the same selectors
        mov     $TSS_SELECTOR, %eax
        ltr     %ax
        orb     $PAGE_USER, BOOT_PML4                 # every level must allow it; the APICs' pages stay supervisor-only
        orb     $PAGE_USER, BOOT_PDPT
        orb     $PAGE_USER, BOOT_PAGE_DIRECTORY
        mov     %cr3, %rax
        mov     %rax, %cr3
        orb     $GATE_DPL_3, idt + VECTOR_BP * 16 + GATE_TYPE
        orb     $GATE_DPL_3, idt + VECTOR_OF * 16 + GATE_TYPE
        orb     $GATE_DPL_3, idt + VECTOR_SYSTEM_CALL * 16 + GATE_TYPE
        ret

# EAX = the vector; the stack is that of `handler`. Counts and logs the event, and returns after its instruction.
event:
        cmp     expected, %eax
        je      1f
        cmp     expected_instead, %eax
        jne     usual
1:      incl    MAILBOX_TAKEN(,%rax,4)
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
expected:
        .long   NO_VECTOR
expected_instead:
        .long   NO_VECTOR
resume:
        .long   0

        .bss
        .balign 16
        .skip   256
user_stack_top:
