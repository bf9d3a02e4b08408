using Carveout.IlCounter;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Interprets the IL of a <see cref="RandomProgram"/> one instruction at a time, and counts each as it dispatches it.</summary>
/// <remarks>
/// It shares nothing with the instrumentation: no basic blocks, and its own reading of what each mnemonic is. Its exceptions are
/// handled in one pass, which differs from the runtime's two only where filters look.
/// </remarks>
sealed class IlInterpreter(long mostInstructions)
{
    long _instructions;
    long _arrayAccesses;
    long _fieldAccesses;
    long _calls;

    public int Shared { get; private set; }

    public IlCount Count => new(_instructions, _arrayAccesses, _fieldAccesses, _calls);

    public int Run(MethodDefinition method, int[] array) => new Frame(this, method, array).Run();

    /// <summary>The program takes longer than a test wants to; no handler inside it sees this.</summary>
    public sealed class TooLongException : Exception;

    void Dispatched(string mnemonic)
    {
        if (++_instructions > mostInstructions)
            throw new TooLongException();
        if (mnemonic.StartsWith("ldelem", StringComparison.Ordinal) || mnemonic.StartsWith("stelem", StringComparison.Ordinal))
            _arrayAccesses++;
        if (mnemonic.EndsWith("fld", StringComparison.Ordinal))
            _fieldAccesses++;
        if (mnemonic is "call" or "newobj")
            _calls++;
    }

    sealed class Frame(IlInterpreter machine, MethodDefinition method, int[] array)
    {
        readonly List<Instruction> _code = [.. method.Body.Instructions];
        readonly int[] _locals = new int[method.Body.Variables.Count];
        readonly Stack<object> _stack = new();
        readonly Dictionary<ExceptionHandler, Exception> _caught = [];

        public int Run()
        {
            Run(0, 0, _code.Count);
            return (int)_stack.Pop();
        }

        /// <summary>Runs up to ret or endfinally; only handlers inside the region see what is thrown in it.</summary>
        void Run(int position, int regionStart, int regionEnd)
        {
            while (position >= 0)
            {
                try
                {
                    position = Step(position);
                }
                catch (Exception thrown) when (thrown is not TooLongException)
                {
                    int at = thrown is InFinallyException inside ? inside.Position : position;
                    position = HandlerOf((thrown as InFinallyException)?.InnerException ?? thrown, at, regionStart, regionEnd);
                }
            }
        }

        int HandlerOf(Exception thrown, int position, int regionStart, int regionEnd)
        {
            foreach (var handler in method.Body.ExceptionHandlers)
            {
                int start = At(handler.HandlerStart);
                if (!InTry(handler, position) || At(handler.TryStart) < regionStart || start >= regionEnd)
                    continue;
                _stack.Clear();
                if (handler.HandlerType == ExceptionHandlerType.Catch)
                {
                    _caught[handler] = thrown;
                    _stack.Push(thrown);
                    return start;
                }
                try
                {
                    Run(start, start, At(handler.HandlerEnd));
                }
                catch (Exception replacement) when (replacement is not TooLongException)
                {
                    thrown = replacement;
                    position = start;
                }
            }
            throw thrown;
        }

        int Leave(int from, int target)
        {
            foreach (var handler in method.Body.ExceptionHandlers)
            {
                if (handler.HandlerType != ExceptionHandlerType.Finally || !InTry(handler, from) || InTry(handler, target))
                    continue;
                int start = At(handler.HandlerStart);
                try
                {
                    Run(start, start, At(handler.HandlerEnd));
                }
                catch (Exception thrown) when (thrown is not TooLongException)
                {
                    throw new InFinallyException(thrown, start);
                }
            }
            _stack.Clear();
            return target;
        }

        /// <returns>The next position, or -1 after ret and endfinally.</returns>
        int Step(int position)
        {
            var instruction = _code[position];
            string mnemonic = instruction.OpCode.Name;
            machine.Dispatched(mnemonic);
            switch (mnemonic)
            {
                case "nop":
                    break;
                case "ldc.i4":
                    _stack.Push((int)instruction.Operand);
                    break;
                case "ldarg.0":
                    _stack.Push(array);
                    break;
                case "ldloc":
                    _stack.Push(_locals[((VariableDefinition)instruction.Operand).Index]);
                    break;
                case "stloc":
                    _locals[((VariableDefinition)instruction.Operand).Index] = Pop();
                    break;
                case "ldsfld":
                    _stack.Push(machine.Shared);
                    break;
                case "stsfld":
                    machine.Shared = Pop();
                    break;
                case "dup":
                    _stack.Push(_stack.Peek());
                    break;
                case "pop":
                    _stack.Pop();
                    break;
                case "ldelem.i4":
                    int index = Pop();
                    _stack.Push(((int[])_stack.Pop())[index]);
                    break;
                case "stelem.i4":
                    int value = Pop();
                    index = Pop();
                    ((int[])_stack.Pop())[index] = value;
                    break;
                case "call":
                    _stack.Push(machine.Run((MethodDefinition)instruction.Operand, (int[])_stack.Pop()));
                    break;
                case "newobj":
                    _stack.Push(new InvalidOperationException());
                    break;
                case "throw":
                    throw (Exception)_stack.Pop();
                case "rethrow":
                    throw _caught[method.Body.ExceptionHandlers.First(handler => InHandler(handler, position))];
                case "ret" or "endfinally":
                    return -1;
                case "br":
                    return At(instruction.Operand);
                case "brtrue":
                    return Pop() != 0 ? At(instruction.Operand) : position + 1;
                case "brfalse":
                    return Pop() == 0 ? At(instruction.Operand) : position + 1;
                case "blt":
                    int right = Pop();
                    return Pop() < right ? At(instruction.Operand) : position + 1;
                case "switch":
                    var targets = (Instruction[])instruction.Operand;
                    int choice = Pop();
                    return (uint)choice < (uint)targets.Length ? At(targets[choice]) : position + 1;
                case "leave":
                    return Leave(position, At(instruction.Operand));
                default:
                    right = Pop();
                    _stack.Push(Combine(mnemonic, Pop(), right));
                    break;
            }
            return position + 1;
        }

        static int Combine(string mnemonic, int left, int right) => unchecked(mnemonic switch
        {
            "add" => left + right,
            "sub" => left - right,
            "mul" => left * right,
            "and" => left & right,
            "xor" => left ^ right,
            "clt" => left < right ? 1 : 0,
            "div" => left / right,
            _ => throw new NotSupportedException(mnemonic),
        });

        int Pop() => (int)_stack.Pop();

        int At(object target) => _code.IndexOf((Instruction)target);

        bool InTry(ExceptionHandler handler, int position) => position >= At(handler.TryStart) && position < At(handler.TryEnd);

        bool InHandler(ExceptionHandler handler, int position) =>
            handler.HandlerType == ExceptionHandlerType.Catch && position >= At(handler.HandlerStart) && position < At(handler.HandlerEnd);

        /// <summary>What a finally block threw while a leave ran it: it counts as thrown there, not at the leave.</summary>
        sealed class InFinallyException(Exception thrown, int position) : Exception(null, thrown)
        {
            public int Position => position;
        }
    }
}
