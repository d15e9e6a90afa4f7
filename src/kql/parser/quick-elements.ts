/**
 * The parts of the parser's trees, pools and generic classes, written so that less is asked for. An object of V8 that gets its properties
 * one by one, at different times, is of another shape after each, and each shape of each class of a part takes room in the table through
 * which properties are found: here all parts get those that all have when they are made.
 */
export function withQuickElements(text: string): string {
  return [ELEMENTS, POOLS, GENERICS].reduce(swapped, text);
}

interface Swap {
  readonly from: string;
  readonly to: string;
}

const FIELDS = ['_parentOrTree=null', 'flags=0', 'extendedData=null', '_triviaStart=-1', 'OffsetInParent=0'];
const MADE = [...FIELDS, 'IndexInParent=0'].map((field) => `this.${field};`).join('');

const ELEMENTS: readonly Swap[] = [
  {
    from: 'ctors:{init:function(){this._triviaStart=-1},ctor:function(diagnostics){this.$initialize();this.SetDiagnostics(diagnostics)}}',
    to: `ctors:{init:function(){this._triviaStart=-1},ctor:function(diagnostics){${MADE}diagnostics!=null&&this.SetDiagnostics(diagnostics)}}`,
  },
  {
    from: 'element._parentOrTree=Bridge.cast(this,Kusto.Language.Syntax.SyntaxNode);this.flags|=Bridge.Int.sxs(element.flags&65535)',
    to: 'element._parentOrTree=this;element.flags&&(this.flags|=element.flags)',
  },
  // How wide a node is follows from where its parts begin.
  {
    from: 'Init:function(){Kusto.Language.Syntax.SyntaxElement.prototype.Init.call(this);this.fullWidth=this.ComputeFullWidth()}',
    to: 'Init:function(){for(var child,offset=0,i=0,n=this.ChildCount;i<n;i=i+1|0)child=this.GetChild(i),child!=null&&(child.OffsetInParent=offset,child.IndexInParent=i,offset=offset+child.FullWidth|0);this.fullWidth=offset}',
  },
  {
    from: 'return Bridge.Int.sxs(this.flags&Kusto.Language.Syntax.SyntaxElement.Flags.ContainsDiagnostics&65535)!==0',
    to: 'return(this.flags&1)!==0',
  },
];

/** Nothing else runs meanwhile, so that a place need not be exchanged through an object. */
const POOLS: readonly Swap[] = [
  {
    from: 'if(this.items[System.Array.index(i,this.items)]!=null&&(item=Kusto.Language.Utils.Interlocked.Exchange(T,Bridge.ref(this.items,i),null),item!=null))return item;',
    to: 'if((item=this.items[i])!=null)return this.items[i]=null,item;',
  },
  {
    from: 'if(this.items[System.Array.index(i,this.items)]==null&&(result=Kusto.Language.Utils.Interlocked.CompareExchange(T,Bridge.ref(this.items,i),item,null),result==null))break',
    to: 'if(this.items[i]==null){this.items[i]=item;break}',
  },
];

/** Most generic classes are of one type: a map tells at once which. */
const GENERICS: readonly Swap[] = [
  {
    from: 'return l=function(){var t,r,f,u;return(r=Bridge.Class.getCachedType(l,arguments),r)?r.type:(',
    to: 'return l=function(q){var t,r,f,u;if(arguments.length===1&&(r=l.$one.get(q)))return r;return(r=Bridge.Class.getCachedType(l,arguments),r)?(arguments.length===1&&l.$one.set(q,r.type),r.type):(',
  },
  { from: 'l.$cache=[],Bridge.Class.generic(n,t,l,i)', to: 'l.$cache=[],l.$one=new Map,Bridge.Class.generic(n,t,l,i)' },
];

/** All of them or none, and each where it stands exactly once. */
function swapped(text: string, swaps: readonly Swap[]): string {
  if (swaps.some(({ from }) => text.split(from).length !== 2)) return text;
  return swaps.reduce((made, { from, to }) => made.replace(from, () => to), text);
}
