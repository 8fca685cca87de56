# A long-mode guest that executes commands from the host: it reads one from a port, executes it, and reads the next. So
# a test can access the registers of KVM's IOAPIC and LAPIC, and see the vector that they deliver.
#
# The operands and the result of a command are in memory. ApicPuppet.java has the same numbers.

        .set    COMMAND_PORT,         0x0b10
        .set    COMMAND_LOAD,         0x10            # plus the width, 1 to 8; without this bit, a store
        .set    COMMAND_OPEN,         0x20            # set IF for a moment
        .set    ADDRESS,              0x1000          # u64
        .set    VALUE,                0x1008          # u64: the value to store, or the value loaded
        .set    TAKEN,                0x1010          # u64: the vector taken, or all ones

        .set    CODE_SELECTOR,        0x08
        .set    GATE_INTERRUPT,       0x8e00          # present, DPL 0, 64-bit interrupt gate (clears IF)
        .set    GATE_BYTES,           16
        .set    VECTORS,              256
        .set    STUB_BYTES,           16
        .set    LAPIC_EOI,            0xfee000b0

        .code64
        .section .text.start, "ax"
        .globl  _start
# The IDT is at 0. The stubs are below 64 KiB, so bits 63:16 of every gate's offset are 0.
_start: mov     $stubs, %eax
        xor     %edi, %edi
        mov     $VECTORS, %ecx
1:      mov     %ax, (%rdi)
        movw    $CODE_SELECTOR, 2(%rdi)
        movw    $GATE_INTERRUPT, 4(%rdi)
        movw    $0, 6(%rdi)
        movq    $0, 8(%rdi)
        add     $STUB_BYTES, %eax
        add     $GATE_BYTES, %edi
        dec     %ecx
        jnz     1b
        lidt    idt_pointer

next:   mov     $stack_top, %esp                      # drops what an interrupt pushed: handlers do not return
        mov     $COMMAND_PORT, %edx
        in      %dx, %eax
        mov     %eax, %ecx
        mov     ADDRESS, %rdi
        mov     VALUE, %rax
        cmp     $1, %ecx
        je      1f
        cmp     $2, %ecx
        je      2f
        cmp     $4, %ecx
        je      4f
        cmp     $8, %ecx
        je      8f
        cmp     $COMMAND_OPEN, %ecx
        je      open
        xor     %eax, %eax
        cmp     $COMMAND_LOAD + 1, %ecx
        je      load1
        cmp     $COMMAND_LOAD + 2, %ecx
        je      load2
        cmp     $COMMAND_LOAD + 4, %ecx
        je      load4
        mov     (%rdi), %rax
loaded: mov     %rax, VALUE
        jmp     next

1:      mov     %al, (%rdi)
        jmp     next
2:      mov     %ax, (%rdi)
        jmp     next
4:      mov     %eax, (%rdi)
        jmp     next
8:      mov     %rax, (%rdi)
        jmp     next

load1:  mov     (%rdi), %al
        jmp     loaded
load2:  mov     (%rdi), %ax
        jmp     loaded
load4:  mov     (%rdi), %eax
        jmp     loaded

# A pending interrupt is taken at the OUT at the latest: a CPU takes it before, KVM's emulator at the next exit.
open:   movq    $-1, TAKEN
        sti
        nop                                           # the STI shadow ends after it
        out     %eax, %dx
        cli
        jmp     next

# The CPU has cleared IF; the saved flags are dropped with the rest.
taken:  mov     %rax, TAKEN
        mov     $LAPIC_EOI, %edx
        movl    $0, (%rdx)
        jmp     next

        .text
        .balign STUB_BYTES
        .globl  stubs, stubs_end
stubs:
        .set    vector, 0
        .rept   VECTORS
        .balign STUB_BYTES
        mov     $vector, %eax
        jmp     taken
        .set    vector, vector + 1
        .endr
        .balign STUB_BYTES
stubs_end:

        .section .rodata
        .balign 8
idt_pointer:
        .word   VECTORS * GATE_BYTES - 1
        .quad   0

        .bss
        .balign 16
        .skip   256
stack_top:
